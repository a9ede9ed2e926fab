package dev.gatehouse.cli.admin;

import dev.gatehouse.cli.client.ApiClient;
import dev.gatehouse.cli.output.CliException;
import dev.gatehouse.cli.output.Exit;
import dev.gatehouse.cli.output.Json;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;

/** An agent as people refer to it: by name or by id. */
public final class AgentReference {

    private static final Pattern ID = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    private AgentReference() {}

    /** Its id; fails if no agent has the name. An id is taken as it is. */
    public static String id(ApiClient client, String nameOrId) {
        if (ID.matcher(nameOrId).matches()) {
            return nameOrId;
        }
        AtomicReference<String> found = new AtomicReference<>();
        client.each("agents", Map.of("name", nameOrId), agent -> {
            if (Json.text(agent, "name").equals(nameOrId)) {
                found.set(Json.text(agent, "id"));
            }
            return found.get() == null;
        });
        if (found.get() == null) {
            throw new CliException(Exit.FAILED, "no agent has the name '" + nameOrId + "'");
        }
        return found.get();
    }
}
