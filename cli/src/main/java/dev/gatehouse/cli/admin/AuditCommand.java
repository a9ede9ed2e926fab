package dev.gatehouse.cli.admin;

import dev.gatehouse.cli.client.ApiClient;
import dev.gatehouse.cli.client.ListOptions;
import dev.gatehouse.cli.login.SignIn;
import dev.gatehouse.cli.output.Column;
import dev.gatehouse.cli.output.Shell;
import dev.gatehouse.cli.output.TimeRange;
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
            @Mixin TimeRange range,
            @Option(names = "--actor", paramLabel = "NAME", description = "Only what this person or agent did")
                    Optional<String> actor,
            @Option(names = "--action", paramLabel = "NAME", description = "Such as login or agent.revoke")
                    Optional<String> action,
            @Mixin ListOptions options) {
        Map<String, String> query = new HashMap<>();
        range.addTo(query);
        actor.ifPresent(name -> query.put("actor", name));
        action.ifPresent(name -> query.put("action", name));
        try (ApiClient client = SignIn.client(shell)) {
            options.print(shell, client, "audit", query, row -> true, USUAL, COLUMNS);
        }
    }
}
