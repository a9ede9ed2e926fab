package dev.gatehouse.cli.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.cli.client.ApiClient;
import dev.gatehouse.cli.client.ApiUrl;
import dev.gatehouse.cli.client.ListOptions;
import dev.gatehouse.cli.login.SignIn;
import dev.gatehouse.cli.output.Column;
import dev.gatehouse.cli.output.Format;
import dev.gatehouse.cli.output.FormatOption;
import dev.gatehouse.cli.output.Json;
import dev.gatehouse.cli.output.Listing;
import dev.gatehouse.cli.output.Shell;
import dev.gatehouse.cli.output.When;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tokens create}, {@code ls} and {@code rm}: join tokens. */
@Command(name = "tokens", description = "Join tokens, by which agents enrol.", mixinStandardHelpOptions = true)
public final class TokensCommand {

    private static final List<Column> COLUMNS = List.of(
            Column.field("ID", "id"),
            Column.field("USES LEFT", "usesLeft"),
            Column.time("UNTIL", "expiresAt"),
            Column.joined("LABELS", "labels"),
            Column.field("BY", "createdBy"),
            Column.time("MADE", "createdAt"));

    private final Shell shell;

    public TokensCommand(Shell shell) {
        this.shell = shell;
    }

    @Command(name = "create", description = "Makes a token and prints it, this once.", mixinStandardHelpOptions = true)
    void create(
            @Option(
                            names = "--uses",
                            paramLabel = "N",
                            defaultValue = "1",
                            description = "Agents that may join with it; default ${DEFAULT-VALUE}")
                    int uses,
            @Option(
                            names = "--ttl",
                            paramLabel = "TIME",
                            defaultValue = "1h",
                            converter = When.Span.class,
                            description = "How long it is good for: 30m, 1h, 7d; default ${DEFAULT-VALUE}")
                    Duration ttl,
            @Option(names = "--labels", paramLabel = "k=v,…", description = "Each agent that joins with it gets them")
                    Optional<String> labels,
            @Mixin FormatOption format) {
        ObjectNode body = Json.MAPPER.createObjectNode().put("uses", uses).put("ttlSeconds", ttl.toSeconds());
        labels.ifPresent(text -> {
            ObjectNode map = body.putObject("labels");
            Labels.parse(text).forEach(map::put);
        });
        try (ApiClient client = SignIn.client(shell)) {
            JsonNode made = client.post("join-tokens", body);
            if (format.format() == Format.table) {
                // alone on the standard output: TOKEN=$(gatehouse tokens create)
                shell.out().println(Json.text(made, "token"));
                shell.out().flush();
                shell.err()
                        .println("Token " + Json.text(made, "id") + " is good for " + uses + " uses until "
                                + Json.text(made, "expiresAt") + ". It will not be shown again.");
            } else {
                Listing.one(shell.out(), format.format(), List.of(), made);
            }
        }
    }

    @Command(name = "ls", description = "Lists tokens, without their secrets.", mixinStandardHelpOptions = true)
    void list(@Mixin ListOptions options) {
        try (ApiClient client = SignIn.client(shell)) {
            options.print(shell, client, "join-tokens", Map.of(), COLUMNS);
        }
    }

    @Command(
            name = "rm",
            description = "Removes a token. Agents that have joined with it stay.",
            mixinStandardHelpOptions = true)
    void remove(@Parameters(paramLabel = "ID") String id) {
        try (ApiClient client = SignIn.client(shell)) {
            client.delete("join-tokens/" + ApiUrl.encode(id));
            shell.err().println("Removed.");
        }
    }
}
