package dev.gatehouse.cli.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.cli.client.ApiClient;
import dev.gatehouse.cli.client.ApiUrl;
import dev.gatehouse.cli.client.ListOptions;
import dev.gatehouse.cli.login.SignIn;
import dev.gatehouse.cli.output.CliException;
import dev.gatehouse.cli.output.Column;
import dev.gatehouse.cli.output.Exit;
import dev.gatehouse.cli.output.FormatOption;
import dev.gatehouse.cli.output.Json;
import dev.gatehouse.cli.output.Listing;
import dev.gatehouse.cli.output.Shell;
import dev.gatehouse.protocol.label.Selector;
import dev.gatehouse.protocol.label.SelectorException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code roles}: what who has them may reach. */
@Command(
        name = "roles",
        description = "What users may reach, by the labels of resources. A role allows what one of its --allow selects,"
                + " unless a --deny of any role of the user does.",
        mixinStandardHelpOptions = true)
public final class RolesCommand {

    private static final List<Column> COLUMNS = List.of(
            Column.field("NAME", "name"),
            new Column("ALLOWS", role -> selectors(role.path("allow"))),
            new Column("DENIES", role -> selectors(role.path("deny"))),
            new Column("BUILT IN", role -> role.path("builtIn").asBoolean() ? "yes" : ""));

    private final Shell shell;

    public RolesCommand(Shell shell) {
        this.shell = shell;
    }

    /** What a role says. */
    static final class Rules {

        @Option(
                names = "--allow",
                paramLabel = "k=v,…",
                description = "Resources with all of these labels; a label that is there twice: either value. '*=*' is"
                        + " everything. May be given several times")
        private List<String> allow = new ArrayList<>();

        @Option(names = "--deny", paramLabel = "k=v,…", description = "In the same way, what may not be reached")
        private List<String> deny = new ArrayList<>();

        private void addTo(ObjectNode body) {
            selectors(body.putArray("allow"), "--allow", allow);
            selectors(body.putArray("deny"), "--deny", deny);
        }

        private static void selectors(ArrayNode array, String option, List<String> texts) {
            for (String text : texts) {
                try {
                    ObjectNode labels = array.addObject();
                    new TreeMap<>(Selector.parse(text).labels()).forEach((key, values) -> {
                        ArrayNode patterns = labels.putArray(key);
                        values.forEach(patterns::add);
                    });
                } catch (SelectorException wrong) {
                    throw new CliException(Exit.USAGE, option + ": " + wrong.getMessage(), wrong);
                }
            }
        }
    }

    @Command(name = "ls", description = "Lists roles by name.", mixinStandardHelpOptions = true)
    void list(@Mixin ListOptions options) {
        try (ApiClient client = SignIn.client(shell)) {
            options.print(shell, client, "roles", Map.of(), COLUMNS);
        }
    }

    @Command(name = "create", description = "Makes a role.", mixinStandardHelpOptions = true)
    void create(@Parameters(paramLabel = "NAME") String name, @Mixin Rules rules, @Mixin FormatOption format) {
        ObjectNode body = Json.MAPPER.createObjectNode().put("name", name);
        rules.addTo(body);
        try (ApiClient client = SignIn.client(shell)) {
            Listing.one(shell.out(), format.format(), COLUMNS, client.post("roles", body));
        }
    }

    @Command(
            name = "set",
            description = "Replaces what a role says; holds at once, also for tunnels that are open.",
            mixinStandardHelpOptions = true)
    void set(@Parameters(paramLabel = "NAME") String name, @Mixin Rules rules, @Mixin FormatOption format) {
        ObjectNode body = Json.MAPPER.createObjectNode();
        rules.addTo(body);
        try (ApiClient client = SignIn.client(shell)) {
            Listing.one(shell.out(), format.format(), COLUMNS, client.put("roles/" + ApiUrl.encode(name), body));
        }
    }

    @Command(name = "rm", description = "Removes a role that nobody has.", mixinStandardHelpOptions = true)
    void remove(@Parameters(paramLabel = "NAME") String name) {
        try (ApiClient client = SignIn.client(shell)) {
            client.delete("roles/" + ApiUrl.encode(name));
            shell.err().println("Removed.");
        }
    }

    /** As they are typed, with semicolons between. */
    private static String selectors(JsonNode array) {
        List<String> all = new ArrayList<>();
        for (JsonNode labels : array) {
            List<String> pairs = new ArrayList<>();
            labels.properties()
                    .forEach(label ->
                            label.getValue().forEach(value -> pairs.add(label.getKey() + "=" + value.asText())));
            all.add(pairs.isEmpty() ? "nothing" : String.join(",", pairs));
        }
        return String.join("; ", all);
    }
}
