package dev.gatehouse.cli.admin;

import dev.gatehouse.cli.client.ApiClient;
import dev.gatehouse.cli.client.ApiUrl;
import dev.gatehouse.cli.client.ListOptions;
import dev.gatehouse.cli.login.SignIn;
import dev.gatehouse.cli.output.Column;
import dev.gatehouse.cli.output.Shell;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sessions ls} and {@code sessions cut}. */
@Command(name = "sessions", description = "Who uses which resource.", mixinStandardHelpOptions = true)
public final class SessionsCommand {

    /** Lines of a listing when nobody says. */
    private static final long USUAL = 100;

    private static final List<Column> COLUMNS = List.of(
            Column.field("USER", "user"),
            Column.field("RESOURCE", "resource"),
            Column.field("STATE", "state"),
            Column.field("TUNNELS", "tunnels"),
            Column.bytes("UP", session -> session.path("bytesUp")),
            Column.bytes("DOWN", session -> session.path("bytesDown")),
            Column.time("STARTED", "startedAt"),
            Column.time("ENDED", "endedAt"),
            Column.field("WHY", "endReason"),
            Column.field("ID", "id"));

    private final Shell shell;

    public SessionsCommand(Shell shell) {
        this.shell = shell;
    }

    @Command(
            name = "ls",
            description = "Lists sessions, newest first; 100 unless --limit says otherwise.",
            mixinStandardHelpOptions = true)
    void list(
            @Option(names = "--state", paramLabel = "STATE", description = "active or ended") Optional<String> state,
            @Option(names = "--user", paramLabel = "NAME") Optional<String> user,
            @Option(names = "--resource", paramLabel = "NAME") Optional<String> resource,
            @Mixin ListOptions options) {
        Map<String, String> query = new HashMap<>();
        state.ifPresent(value -> query.put("state", value));
        user.ifPresent(value -> query.put("user", value));
        resource.ifPresent(value -> query.put("resource", value));
        try (ApiClient client = SignIn.client(shell)) {
            options.print(shell, client, "sessions", query, session -> true, USUAL, COLUMNS);
        }
    }

    @Command(
            name = "cut",
            description = "Ends a session's tunnels everywhere; it opens no more.",
            mixinStandardHelpOptions = true)
    void cut(@Parameters(paramLabel = "ID") String id) {
        try (ApiClient client = SignIn.client(shell)) {
            client.delete("sessions/" + ApiUrl.encode(id));
            shell.err().println("Cut.");
        }
    }
}
