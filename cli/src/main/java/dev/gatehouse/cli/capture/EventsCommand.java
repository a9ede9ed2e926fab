package dev.gatehouse.cli.capture;

import dev.gatehouse.cli.admin.AgentReference;
import dev.gatehouse.cli.client.ApiClient;
import dev.gatehouse.cli.client.ListOptions;
import dev.gatehouse.cli.login.SignIn;
import dev.gatehouse.cli.output.Column;
import dev.gatehouse.cli.output.Json;
import dev.gatehouse.cli.output.Shell;
import dev.gatehouse.cli.output.TimeRange;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code events}: a search, or with {@code --follow} what is indexed from now on. */
@Command(
        name = "events",
        description = {
            "Shows events, newest first: those of the last 24 hours unless --from is given, " + EventsCommand.USUAL
                    + " unless --limit is.",
            "With --follow those that come in from now on, until you stop it; -o json then gives one line for each."
        },
        mixinStandardHelpOptions = true)
public final class EventsCommand implements Runnable {

    static final int USUAL = 100;

    static final List<Column> COLUMNS = List.of(
            Column.time("TIME", "time"),
            Column.field("AGENT", "agentName"),
            Column.field("USER", "user"),
            Column.field("KIND", "kind"),
            Column.field("APPLICATION", "application"),
            new Column("TEXT", event -> {
                String title = Json.text(event, "title");
                String text = Json.text(event, "text");
                return title.isEmpty() || text.isEmpty() ? title + text : title + " | " + text;
            }));

    private final Shell shell;

    @Option(names = "--agent", paramLabel = "NAME|ID", description = "Only this agent's")
    private Optional<String> agent = Optional.empty();

    @Option(names = "--user", paramLabel = "NAME", description = "Only this user's")
    private Optional<String> user = Optional.empty();

    @Option(names = "--kind", paramLabel = "KIND", description = "Such as log, process, login, window")
    private Optional<String> kind = Optional.empty();

    @Option(names = "--application", paramLabel = "NAME", description = "Only of this application")
    private Optional<String> application = Optional.empty();

    @Option(names = "--text", paramLabel = "TEXT", description = "Part of title or text, whatever the case")
    private Optional<String> text = Optional.empty();

    @Mixin
    private TimeRange range = new TimeRange();

    @Option(names = "--follow", description = "Go on with what comes in")
    private boolean follow;

    @Mixin
    private ListOptions options = new ListOptions();

    public EventsCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public void run() {
        try (ApiClient client = SignIn.client(shell)) {
            Map<String, String> query = new HashMap<>();
            agent.ifPresent(name -> query.put("agentId", AgentReference.id(client, name)));
            user.ifPresent(name -> query.put("user", name));
            kind.ifPresent(name -> query.put("kind", name));
            application.ifPresent(name -> query.put("application", name));
            text.ifPresent(part -> query.put("text", part));
            if (follow) {
                new Follow(client, query, shell.out(), options.format(), options.limit(0))
                        .run(range.from().orElseGet(Instant::now), Follow.PERIOD);
                return;
            }
            range.addTo(query);
            options.print(shell, client, "events", query, event -> true, USUAL, COLUMNS);
        }
    }
}
