package dev.gatehouse.cli.admin;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.cli.client.ApiClient;
import dev.gatehouse.cli.client.ListOptions;
import dev.gatehouse.cli.login.SignIn;
import dev.gatehouse.cli.output.Column;
import dev.gatehouse.cli.output.Json;
import dev.gatehouse.cli.output.Shell;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code nodes ls}. */
@Command(name = "nodes", description = "The processes of the cluster.", mixinStandardHelpOptions = true)
public final class NodesCommand {

    private static final List<Column> COLUMNS = List.of(
            Column.field("NAME", "name"),
            new Column(
                    "ROLE",
                    node -> Json.text(node, "role") + (node.path("master").asBoolean() ? " (master)" : "")),
            Column.field("STATE", "state"),
            Column.field("VERSION", "version"),
            Column.field("ADDRESS", "address"),
            Column.time("STARTED", "startedAt"),
            new Column("CERTIFICATE", NodesCommand::certificate),
            Column.field("ID", "id"));

    private final Shell shell;

    public NodesCommand(Shell shell) {
        this.shell = shell;
    }

    @Command(name = "ls", description = "Lists nodes, present and recent.", mixinStandardHelpOptions = true)
    void list(@Mixin ListOptions options) {
        try (ApiClient client = SignIn.client(shell)) {
            options.print(shell, client, "nodes", Map.of(), COLUMNS);
            JsonNode quorum = client.get("nodes", Map.of("limit", "1")).path("quorum");
            if (!quorum.path("met").asBoolean(true)) {
                shell.err()
                        .println("No quorum: " + quorum.path("present").asInt() + " of "
                                + quorum.path("expected").asInt() + " background-workers are there.");
            }
        }
    }

    /** How many days the certificate on the bus has left: the node must be restarted before. */
    private static String certificate(JsonNode node) {
        String until = Json.text(node, "certificateUntil");
        return until.isEmpty()
                ? ""
                : Duration.between(Instant.now(), Instant.parse(until)).toDays() + " d";
    }
}
