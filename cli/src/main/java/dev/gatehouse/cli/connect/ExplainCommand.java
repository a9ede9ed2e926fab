package dev.gatehouse.cli.connect;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.cli.client.ApiClient;
import dev.gatehouse.cli.login.SignIn;
import dev.gatehouse.cli.output.Column;
import dev.gatehouse.cli.output.Format;
import dev.gatehouse.cli.output.FormatOption;
import dev.gatehouse.cli.output.Json;
import dev.gatehouse.cli.output.Listing;
import dev.gatehouse.cli.output.Shell;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code explain NAME}. */
@Command(
        name = "explain",
        description = "Which agent a new session of a resource would get now, and why.",
        mixinStandardHelpOptions = true)
public final class ExplainCommand implements Runnable {

    private static final List<Column> COLUMNS = List.of(
            Column.field("AGENT", "agentName"),
            Column.field("STANDING", "standing"),
            Column.field("TUNNELS", "load"),
            Column.field("SHARE", "share"),
            Column.field("REASON", "reason"),
            Column.joined("GATEWAYS", "gateways"));

    private final Shell shell;

    @Parameters(paramLabel = "NAME", description = "The resource")
    private String name;

    @Option(names = "--agent", paramLabel = "A", description = "As if this agent were named")
    private Optional<String> agent = Optional.empty();

    @Mixin
    private FormatOption format = new FormatOption();

    public ExplainCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public void run() {
        Map<String, String> query = agent.map(value -> Map.of("agent", value)).orElse(Map.of());
        try (ApiClient client = SignIn.client(shell)) {
            JsonNode answer = client.get("resources/" + encoded(name) + "/explain", query);
            if (format.format() != Format.table) {
                Listing.one(shell.out(), format.format(), COLUMNS, answer);
                return;
            }
            shell.out().println(Json.text(answer, "message"));
            if (!answer.path("replicas").isEmpty()) {
                shell.out().println();
                try (Listing listing = new Listing(shell.out(), Format.table, COLUMNS)) {
                    answer.path("replicas").forEach(listing::add);
                }
            }
            shell.out().println();
            shell.out().println("as gateway " + Json.text(answer, "gateway") + " sees it");
        }
    }

    private static String encoded(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
