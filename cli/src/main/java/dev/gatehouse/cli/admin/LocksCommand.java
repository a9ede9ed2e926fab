package dev.gatehouse.cli.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.cli.client.ApiClient;
import dev.gatehouse.cli.client.ApiUrl;
import dev.gatehouse.cli.client.ListOptions;
import dev.gatehouse.cli.login.SignIn;
import dev.gatehouse.cli.output.Column;
import dev.gatehouse.cli.output.FormatOption;
import dev.gatehouse.cli.output.Json;
import dev.gatehouse.cli.output.Listing;
import dev.gatehouse.cli.output.Shell;
import dev.gatehouse.cli.output.When;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code locks}: who may reach nothing for now. */
@Command(
        name = "locks",
        description = "Users and sessions that may reach nothing for now.",
        mixinStandardHelpOptions = true)
public final class LocksCommand {

    private static final List<Column> COLUMNS = List.of(
            Column.field("USER", "user"),
            Column.field("SESSION", "session"),
            Column.field("REASON", "reason"),
            Column.time("UNTIL", "expiresAt"),
            Column.field("BY", "createdBy"),
            Column.time("MADE", "createdAt"),
            Column.field("ID", "id"));

    private final Shell shell;

    public LocksCommand(Shell shell) {
        this.shell = shell;
    }

    /** Whom it is for. */
    static final class Target {
        @Option(names = "--user", paramLabel = "NAME", required = true)
        private String user;

        @Option(names = "--session", paramLabel = "ID", required = true)
        private UUID session;
    }

    @Command(name = "ls", description = "Lists locks, newest first.", mixinStandardHelpOptions = true)
    void list(@Mixin ListOptions options) {
        try (ApiClient client = SignIn.client(shell)) {
            options.print(shell, client, "locks", Map.of(), COLUMNS);
        }
    }

    @Command(
            name = "create",
            description = "Ends the tunnels of a user or session everywhere and refuses new ones.",
            mixinStandardHelpOptions = true)
    void create(
            @ArgGroup(multiplicity = "1") Target target,
            @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "The user is told it")
                    String reason,
            @Option(
                            names = "--ttl",
                            paramLabel = "TIME",
                            converter = When.Span.class,
                            description = "How long it holds: 30m, 1h, 7d; until it is removed if not given")
                    Optional<Duration> ttl,
            @Mixin FormatOption format) {
        ObjectNode body = Json.MAPPER.createObjectNode();
        if (target.user != null) {
            body.put("user", target.user);
        } else {
            body.put("session", target.session.toString());
        }
        body.put("reason", reason);
        ttl.ifPresent(time -> body.put("ttlSeconds", time.toSeconds()));
        try (ApiClient client = SignIn.client(shell)) {
            Listing.one(shell.out(), format.format(), COLUMNS, client.post("locks", body));
        }
    }

    @Command(name = "rm", description = "Removes a lock.", mixinStandardHelpOptions = true)
    void remove(@Parameters(paramLabel = "ID") String id) {
        try (ApiClient client = SignIn.client(shell)) {
            client.delete("locks/" + ApiUrl.encode(id));
            shell.err().println("Removed.");
        }
    }
}
