package dev.gatehouse.cli.admin;

import dev.gatehouse.cli.client.ApiClient;
import dev.gatehouse.cli.client.Lists;
import dev.gatehouse.cli.login.SignIn;
import dev.gatehouse.cli.output.Column;
import dev.gatehouse.cli.output.FormatOption;
import dev.gatehouse.cli.output.LimitOption;
import dev.gatehouse.cli.output.Shell;
import dev.gatehouse.cli.output.When;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code audit ls}. */
@Command(name = "audit", description = "Who did what.", mixinStandardHelpOptions = true)
public final class AuditCommand {

    private static final int USUAL = 100;

    private static final List<Column> COLUMNS = List.of(
            Column.time("TIME", "at"),
            Column.field("ACTOR", "actor"),
            Column.field("FROM", "remote"),
            Column.field("ACTION", "action"),
            Column.field("TARGET", "target"),
            Column.field("OUTCOME", "outcome"),
            Column.joined("DETAIL", "detail"));

    private final Shell shell;

    public AuditCommand(Shell shell) {
        this.shell = shell;
    }

    @Command(
            name = "ls",
            description = "Lists records, newest first, " + USUAL + " unless --limit says otherwise.",
            mixinStandardHelpOptions = true)
    void list(
            @Option(
                            names = "--from",
                            paramLabel = "TIME",
                            converter = When.Time.class,
                            description = "This time or later: 2026-11-21T08:00:00Z, 2026-11-21, or 2h (ago)")
                    Optional<Instant> from,
            @Option(names = "--to", paramLabel = "TIME", converter = When.Time.class, description = "Before this time")
                    Optional<Instant> to,
            @Option(names = "--actor", paramLabel = "NAME", description = "Only what this person or agent did")
                    Optional<String> actor,
            @Option(names = "--action", paramLabel = "NAME", description = "Such as login or agent.revoke")
                    Optional<String> action,
            @Mixin LimitOption limit,
            @Mixin FormatOption format) {
        Map<String, String> query = new HashMap<>();
        from.ifPresent(time -> query.put("from", time.toString()));
        to.ifPresent(time -> query.put("to", time.toString()));
        actor.ifPresent(name -> query.put("actor", name));
        action.ifPresent(name -> query.put("action", name));
        try (ApiClient client = SignIn.client(shell)) {
            Lists.print(client, "audit", query, row -> true, limit.or(USUAL), shell.out(), format.format(), COLUMNS);
        }
    }
}
