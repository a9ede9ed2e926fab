package dev.gatehouse.cli.admin;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.cli.client.ApiClient;
import dev.gatehouse.cli.client.ListOptions;
import dev.gatehouse.cli.login.SignIn;
import dev.gatehouse.cli.output.Column;
import dev.gatehouse.cli.output.FormatOption;
import dev.gatehouse.cli.output.Json;
import dev.gatehouse.cli.output.Listing;
import dev.gatehouse.cli.output.Shell;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code agents ls} and {@code agents revoke}. */
@Command(name = "agents", description = "The fleet.", mixinStandardHelpOptions = true)
public final class AgentsCommand {

    private static final List<Column> COLUMNS = List.of(
            Column.field("NAME", "name"),
            Column.field("STATE", "state"),
            Column.time("LAST SEEN", "lastSeenAt"),
            Column.field("VERSION", "version"),
            Column.bytes("SPOOL", agent -> agent.path("spool").path("bytes")),
            Column.joined("LABELS", "labels"),
            Column.field("ID", "id"));

    private final Shell shell;

    public AgentsCommand(Shell shell) {
        this.shell = shell;
    }

    @Command(name = "ls", description = "Lists agents by name.", mixinStandardHelpOptions = true)
    void list(
            @Option(names = "--labels", paramLabel = "k=v,…", description = "Only agents that have all of them")
                    Optional<String> labels,
            @Option(names = "--state", paramLabel = "STATE", description = "online, offline or revoked")
                    Optional<String> state,
            @Option(names = "--name", paramLabel = "TEXT", description = "Only agents with this in their name")
                    Optional<String> name,
            @Mixin ListOptions options) {
        Map<String, String> wanted = labels.map(Labels::parse).orElse(Map.of());
        Map<String, String> query = new HashMap<>();
        state.ifPresent(value -> query.put("state", value));
        name.ifPresent(value -> query.put("name", value));
        // the server looks for one label, the rest is sorted out here
        wanted.entrySet().stream()
                .findFirst()
                .ifPresent(one -> query.put("label", one.getKey() + "=" + one.getValue()));
        try (ApiClient client = SignIn.client(shell)) {
            options.print(shell, client, "agents", query, agent -> hasAll(agent, wanted), 0, COLUMNS);
        }
    }

    @Command(
            name = "revoke",
            description = "Takes an agent's identity away: its links are cut, and it must be enrolled anew.",
            mixinStandardHelpOptions = true)
    void revoke(
            @Parameters(paramLabel = "NAME|ID") String agent,
            @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "For the audit")
                    String reason,
            @Mixin FormatOption format) {
        try (ApiClient client = SignIn.client(shell)) {
            String id = AgentReference.id(client, agent);
            JsonNode revoked = client.post(
                    "agents/" + id + "/revoke", Json.MAPPER.createObjectNode().put("reason", reason));
            Listing.one(shell.out(), format.format(), COLUMNS, revoked);
        }
    }

    private static boolean hasAll(JsonNode agent, Map<String, String> wanted) {
        return wanted.entrySet().stream()
                .allMatch(
                        label -> Json.text(agent.path("labels"), label.getKey()).equals(label.getValue()));
    }
}
