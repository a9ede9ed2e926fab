package dev.gatehouse.cli.output;

import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/**
 * What a command has around it.
 *
 * @param out what was asked for; nothing else, so that it can be piped
 * @param err progress, hints and errors
 * @param terminal whether somebody watches
 */
public record Shell(Map<String, String> environment, PrintStream out, PrintStream err, boolean terminal) {

    /** That of this process. */
    public static Shell ofProcess() {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
        return new Shell(System.getenv(), out, System.err, isTerminal());
    }

    /** Where the sign-in is kept. */
    public Path configDirectory() {
        String own = environment.get("GATEHOUSE_CONFIG_DIR");
        if (own != null && !own.isEmpty()) {
            return Path.of(own);
        }
        String xdg = environment.get("XDG_CONFIG_HOME");
        if (xdg != null && !xdg.isEmpty()) {
            return Path.of(xdg, "gatehouse");
        }
        return Path.of(System.getProperty("user.home"), ".config", "gatehouse");
    }

    /** From {@code GATEHOUSE_PASSWORD}, or typed without being shown. */
    public String password(String user) {
        String given = environment.get("GATEHOUSE_PASSWORD");
        if (given != null && !given.isEmpty()) {
            return given;
        }
        Console console = terminal ? System.console() : null;
        if (console == null) {
            throw new CliException(Exit.USAGE, "nobody to ask for the password; set GATEHOUSE_PASSWORD");
        }
        char[] typed = console.readPassword("Password of %s: ", user);
        if (typed == null || typed.length == 0) {
            throw new CliException(Exit.USAGE, "no password given");
        }
        return new String(typed);
    }

    /** For somebody else: from {@code GATEHOUSE_NEW_PASSWORD}, or typed twice without being shown. */
    public String newPassword(String user) {
        String given = environment.get("GATEHOUSE_NEW_PASSWORD");
        if (given != null && !given.isEmpty()) {
            return given;
        }
        Console console = terminal ? System.console() : null;
        if (console == null) {
            throw new CliException(Exit.USAGE, "nobody to ask for the new password; set GATEHOUSE_NEW_PASSWORD");
        }
        char[] typed = console.readPassword("New password of %s: ", user);
        char[] again = console.readPassword("Once more: ");
        if (typed == null || typed.length == 0 || !Arrays.equals(typed, again)) {
            throw new CliException(Exit.USAGE, "the two passwords are not the same, or empty; nothing is changed");
        }
        return new String(typed);
    }

    /** Since Java 22 there is a console without a terminal too, and a method to tell. */
    @SuppressWarnings("SystemConsoleNull") // on 21 it is null without a terminal
    private static boolean isTerminal() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException beforeJava22) {
            return true;
        }
    }
}
