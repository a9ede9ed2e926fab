package dev.gatehouse.e2e.deploy;

import dev.gatehouse.e2e.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the launcher's script says of itself. */
final class Launcher {

    private static final Pattern CASE = Pattern.compile("^ +([a-z| -]+)\\) echo [a-zA-Z.]+Main ;;$", Pattern.MULTILINE);

    private Launcher() {}

    /** The commands that it knows by name; it passes all others to the command line. */
    static Set<String> commands() throws IOException {
        Set<String> commands = new TreeSet<>();
        Matcher cases = CASE.matcher(Files.readString(Tree.ROOT.resolve("gatehouse")));
        while (cases.find()) {
            commands.addAll(Set.of(cases.group(1).split(" \\| ")));
        }
        return commands;
    }
}
