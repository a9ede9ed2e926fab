package dev.gatehouse.cli.capture;

import dev.gatehouse.cli.admin.AgentReference;
import dev.gatehouse.cli.client.ApiClient;
import dev.gatehouse.cli.client.ListOptions;
import dev.gatehouse.cli.login.SignIn;
import dev.gatehouse.cli.output.Column;
import dev.gatehouse.cli.output.Shell;
import dev.gatehouse.cli.output.TimeRange;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code streams ls} and {@code streams get}. */
@Command(name = "streams", description = "What agents have captured.", mixinStandardHelpOptions = true)
public final class StreamsCommand {

    private static final List<Column> COLUMNS = List.of(
            Column.field("ID", "id"),
            Column.field("AGENT", "agentName"),
            Column.field("KIND", "kind"),
            Column.time("OPENED", "openedAt"),
            Column.time("CLOSED", "closedAt"),
            Column.bytes("BYTES", stream -> stream.path("bytes")),
            Column.field("CHUNKS", "chunks"),
            Column.field("TYPE", "mediaType"),
            Column.field("NAME", "name"));

    private final Shell shell;

    public StreamsCommand(Shell shell) {
        this.shell = shell;
    }

    @Command(name = "ls", description = "Lists streams, newest first.", mixinStandardHelpOptions = true)
    void list(
            @Option(names = "--agent", paramLabel = "NAME|ID", description = "Only this agent's")
                    Optional<String> agent,
            @Option(names = "--kind", paramLabel = "KIND", description = "events, screen, audio or file")
                    Optional<String> kind,
            @Option(names = "--name", paramLabel = "TEXT", description = "Only those with this in their name")
                    Optional<String> name,
            @Mixin TimeRange range,
            @Mixin ListOptions options) {
        try (ApiClient client = SignIn.client(shell)) {
            Map<String, String> query = new HashMap<>();
            agent.ifPresent(text -> query.put("agentId", AgentReference.id(client, text)));
            kind.ifPresent(text -> query.put("kind", text));
            name.ifPresent(text -> query.put("name", text));
            range.addTo(query);
            options.print(shell, client, "streams", query, COLUMNS);
        }
    }

    @Command(
            name = "get",
            description = {
                "Downloads a stream's content.",
                "A download that was cut off goes on where it was when it is asked for again."
            },
            mixinStandardHelpOptions = true)
    void get(
            @Parameters(paramLabel = "ID") String id,
            @Option(
                            names = "--output",
                            paramLabel = "FILE",
                            description = "Where to; -: standard output. The stream's own name if not given")
                    Optional<String> output,
            @Option(names = "--force", description = "Replace a file that is there") boolean force) {
        try (ApiClient client = SignIn.client(shell)) {
            if (output.filter("-"::equals).isPresent()) {
                Download.toStandardOutput(client, id, shell);
            } else {
                new Download(client, shell, id).to(output.map(Path::of), force);
            }
        }
    }
}
