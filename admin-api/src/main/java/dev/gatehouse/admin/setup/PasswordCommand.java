package dev.gatehouse.admin.setup;

import dev.gatehouse.shared.node.Settings;
import dev.gatehouse.shared.people.PeopleException;
import dev.gatehouse.shared.people.Person;
import dev.gatehouse.shared.postgres.Migrations;
import dev.gatehouse.shared.settings.DidYouMean;
import java.io.Console;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gatehouse password}: for when nobody can sign in any more; whoever may read the database's password may use it. */
@Command(
        name = "password",
        mixinStandardHelpOptions = true,
        description = "Sets a user's password and ends all of the user's sign-ins."
                + " The new one is asked for, or taken from GATEHOUSE_PASSWORD. It is audited.",
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:done", "1:failed", "2:usage", "3:settings refused", "4:the database does not answer"})
public final class PasswordCommand implements Callable<Integer> {

    private static final String VARIABLE = "GATEHOUSE_PASSWORD";
    private static final int MAX_PEOPLE = 10_000;

    @Parameters(paramLabel = "NAME", description = "Of the user")
    private String name = "";

    @Option(
            names = "--config",
            paramLabel = "FILE",
            required = true,
            description = "YAML file of settings; GATEHOUSE_… variables come on top")
    private Path config = Path.of("");

    @Spec
    private CommandSpec spec;

    private final Function<String, Optional<String>> environment;

    /** @param environment value of a variable */
    PasswordCommand(Function<String, Optional<String>> environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() {
        Settings settings = Settings.load(Optional.of(config));
        Migrations.run(settings.postgres(), settings.postgres().startWait());
        try (LocalPeople local = new LocalPeople(settings.postgres())) {
            List<String> names = LocalPeople.get(local.people.list(MAX_PEOPLE)).stream()
                    .map(Person::name)
                    .toList();
            if (!names.contains(name)) {
                return failed("there is no user '" + name + "'"
                        + DidYouMean.nearest(name, names)
                                .map(near -> "; did you mean " + near + "?")
                                .orElse("; there are: " + some(names)));
            }
            LocalPeople.get(local.people.setPassword(name, password(), "os:" + System.getProperty("user.name"), ""));
        } catch (PeopleException refused) {
            return failed(refused.getMessage());
        }
        PrintWriter text = spec.commandLine().getOut();
        text.println("The password of '" + name + "' is changed, and all sign-ins of '" + name + "' have ended.");
        text.flush();
        return 0;
    }

    @SuppressWarnings("SystemConsoleNull") // on 21 it is null without a terminal
    private String password() {
        Optional<String> given = environment.apply(VARIABLE);
        if (given.isPresent()) {
            return given.get();
        }
        Console console = System.console();
        char[] once = console == null ? null : console.readPassword("New password of %s: ", name);
        if (once == null) {
            throw new ParameterException(
                    spec.commandLine(), VARIABLE + " is not set and there is no terminal to ask for the password at");
        }
        char[] again = console.readPassword("Once more: ");
        if (!Arrays.equals(once, again)) {
            throw new ParameterException(spec.commandLine(), "the two passwords are not the same; nothing is changed");
        }
        return new String(once);
    }

    private int failed(String reason) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("gatehouse password: " + reason);
        err.flush();
        return 1;
    }

    private static String some(List<String> names) {
        int most = 10;
        return names.isEmpty()
                ? "nobody; gatehouse init makes the first"
                : String.join(", ", names.subList(0, Math.min(most, names.size())))
                        + (names.size() > most ? ", …" : "");
    }
}
