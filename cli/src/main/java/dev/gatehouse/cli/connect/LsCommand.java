package dev.gatehouse.cli.connect;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.cli.client.ApiClient;
import dev.gatehouse.cli.client.ListOptions;
import dev.gatehouse.cli.login.SignIn;
import dev.gatehouse.cli.output.Column;
import dev.gatehouse.cli.output.Json;
import dev.gatehouse.cli.output.Shell;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ls}. */
@Command(name = "ls", description = "Lists resources by name.", mixinStandardHelpOptions = true)
public final class LsCommand implements Runnable {

    private static final List<Column> COLUMNS = List.of(
            Column.field("NAME", "name"),
            Column.field("KIND", "kind"),
            new Column("HEALTH", LsCommand::health),
            new Column("AGENTS", LsCommand::agents),
            Column.joined("LABELS", "labels"));

    private final Shell shell;

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            description = "tcp, postgres, mysql, redis, ssh, desktop, web or kubernetes")
    private Optional<String> kind = Optional.empty();

    @Option(
            names = "--labels",
            paramLabel = "k=v,…",
            description = "Only with all of these labels; values may be globs or ^expressions$, one key may have several")
    private Optional<String> labels = Optional.empty();

    @Option(names = "--name", paramLabel = "TEXT", description = "Only with this in their name")
    private Optional<String> name = Optional.empty();

    @Mixin
    private ListOptions options = new ListOptions();

    public LsCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public void run() {
        Map<String, String> query = new HashMap<>();
        kind.ifPresent(value -> query.put("kind", value));
        labels.ifPresent(value -> query.put("labels", value));
        name.ifPresent(value -> query.put("name", value));
        try (ApiClient client = SignIn.client(shell)) {
            options.print(shell, client, "resources", query, COLUMNS);
        }
    }

    /** The best of its replicas: that is what a session gets. */
    private static String health(JsonNode resource) {
        List<String> all = new ArrayList<>();
        resource.path("replicas").forEach(replica -> all.add(Json.text(replica, "health")));
        for (String best : List.of("healthy", "unknown", "unhealthy", "offline")) {
            if (all.contains(best)) {
                return best;
            }
        }
        return "nobody";
    }

    private static String agents(JsonNode resource) {
        List<String> all = new ArrayList<>();
        resource.path("replicas").forEach(replica -> {
            String health = Json.text(replica, "health");
            all.add(Json.text(replica, "agentName") + (health.equals("healthy") ? "" : " (" + health + ")"));
        });
        return String.join(", ", all);
    }
}
