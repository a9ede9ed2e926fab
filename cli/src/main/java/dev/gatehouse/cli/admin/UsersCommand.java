package dev.gatehouse.cli.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code users}: who may sign in. */
@Command(name = "users", description = "People who may sign in.", mixinStandardHelpOptions = true)
public final class UsersCommand {

    private static final List<Column> COLUMNS = List.of(
            Column.field("NAME", "name"),
            Column.field("STATE", "state"),
            Column.joined("ROLES", "roles"),
            Column.field("SOURCE", "source"),
            Column.time("MADE", "createdAt"));

    private final Shell shell;

    public UsersCommand(Shell shell) {
        this.shell = shell;
    }

    @Command(name = "ls", description = "Lists users by name.", mixinStandardHelpOptions = true)
    void list(
            @Option(names = "--name", paramLabel = "TEXT", description = "Only users with this in their name")
                    Optional<String> name,
            @Option(names = "--state", paramLabel = "STATE", description = "active or disabled") Optional<String> state,
            @Option(names = "--role", paramLabel = "NAME", description = "Only users who have it")
                    Optional<String> role,
            @Mixin ListOptions options) {
        Map<String, String> query = new HashMap<>();
        name.ifPresent(value -> query.put("name", value));
        state.ifPresent(value -> query.put("state", value));
        role.ifPresent(value -> query.put("role", value));
        try (ApiClient client = SignIn.client(shell)) {
            options.print(shell, client, "users", query, COLUMNS);
        }
    }

    @Command(
            name = "create",
            description = "Makes a user. The password is asked for, or taken from GATEHOUSE_NEW_PASSWORD.",
            mixinStandardHelpOptions = true)
    void create(
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--roles", split = ",", paramLabel = "ROLE", description = "Names of roles")
                    List<String> roles,
            @Mixin FormatOption format) {
        ObjectNode body = Json.MAPPER.createObjectNode().put("name", name).put("password", shell.newPassword(name));
        names(body, roles);
        try (ApiClient client = SignIn.client(shell)) {
            Listing.one(shell.out(), format.format(), COLUMNS, client.post("users", body));
        }
    }

    @Command(
            name = "set-roles",
            description = "Gives a user these roles and no others; holds at once, also for tunnels that are open.",
            mixinStandardHelpOptions = true)
    void setRoles(
            @Parameters(paramLabel = "NAME") String name,
            @Parameters(
                            paramLabel = "ROLE",
                            split = ",",
                            arity = "0..*",
                            description = "Names of roles; none: no roles")
                    List<String> roles,
            @Mixin FormatOption format) {
        ObjectNode body = Json.MAPPER.createObjectNode();
        names(body, roles);
        change(name, body, format);
    }

    @Command(
            name = "set-password",
            description = "Sets a user's password and ends all of the user's sign-ins. It is asked for, or taken from"
                    + " GATEHOUSE_NEW_PASSWORD.",
            mixinStandardHelpOptions = true)
    void setPassword(@Parameters(paramLabel = "NAME") String name) {
        ObjectNode body = Json.MAPPER.createObjectNode().put("password", shell.newPassword(name));
        try (ApiClient client = SignIn.client(shell)) {
            client.post(path(name) + "/password", body);
            shell.err().println("Set. All sign-ins of '" + name + "' have ended.");
        }
    }

    @Command(
            name = "disable",
            description = "Signs a user out everywhere, ends the user's tunnels, and lets the user in no more.",
            mixinStandardHelpOptions = true)
    void disable(@Parameters(paramLabel = "NAME") String name, @Mixin FormatOption format) {
        change(name, Json.MAPPER.createObjectNode().put("state", "disabled"), format);
    }

    @Command(name = "enable", description = "Lets a user sign in again.", mixinStandardHelpOptions = true)
    void enable(@Parameters(paramLabel = "NAME") String name, @Mixin FormatOption format) {
        change(name, Json.MAPPER.createObjectNode().put("state", "active"), format);
    }

    @Command(name = "rm", description = "Removes a user.", mixinStandardHelpOptions = true)
    void remove(@Parameters(paramLabel = "NAME") String name) {
        try (ApiClient client = SignIn.client(shell)) {
            client.delete(path(name));
            shell.err().println("Removed.");
        }
    }

    private void change(String name, ObjectNode body, FormatOption format) {
        try (ApiClient client = SignIn.client(shell)) {
            Listing.one(shell.out(), format.format(), COLUMNS, client.patch(path(name), body));
        }
    }

    private static String path(String name) {
        return "users/" + ApiUrl.encode(name);
    }

    private static void names(ObjectNode body, List<String> roles) {
        ArrayNode names = body.putArray("roles");
        if (roles != null) {
            roles.stream().filter(role -> !role.isEmpty()).forEach(names::add);
        }
    }
}
