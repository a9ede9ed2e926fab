package dev.gatehouse.admin.setup;

import dev.gatehouse.shared.postgres.DatabaseAwayException;
import dev.gatehouse.shared.settings.SettingsException;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code gatehouse init} and {@code gatehouse password}. */
@Command(name = "gatehouse", mixinStandardHelpOptions = true)
public final class SetupMain {

    private static final int FAILED = 1;
    private static final int NOT_REACHABLE = 4;

    private SetupMain() {}

    public static void main(String[] arguments) {
        System.setProperty("logback.configurationFile", "logback-command.xml"); // the first logger reads it
        System.exit(line(name -> Optional.ofNullable(System.getenv(name))).execute(arguments));
    }

    static CommandLine line(Function<String, Optional<String>> environment) {
        return new CommandLine(new SetupMain())
                .addSubcommand(new InitCommand())
                .addSubcommand(new PasswordCommand(environment))
                .setExecutionExceptionHandler((cause, line, parsed) -> failed(cause, line));
    }

    private static int failed(Exception cause, CommandLine line) {
        String settings = cause instanceof SettingsException ? "settings refused:\n" : "failed: ";
        PrintWriter err = line.getErr();
        err.println("gatehouse " + line.getCommandName() + ": " + settings
                + (cause.getMessage() == null ? cause.toString() : cause.getMessage()));
        err.flush();
        return switch (cause) {
            case SettingsException refused -> SettingsException.EXIT_STATUS;
            case DatabaseAwayException away -> NOT_REACHABLE;
            default -> FAILED;
        };
    }
}
