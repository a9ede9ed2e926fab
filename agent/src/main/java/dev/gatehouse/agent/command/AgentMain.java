package dev.gatehouse.agent.command;

import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code gatehouse agent}: enrols an agent, runs it, shows what it does. Exit status as everywhere: 0 done, 1 failed, 2 usage, 3 settings refused, 4 not reachable, 5 not allowed. */
@Command(
        name = "agent",
        description = "Captures what happens on this machine and offers its resources",
        mixinStandardHelpOptions = true,
        subcommands = {EnrollCommand.class, RunCommand.class, StatusCommand.class})
public final class AgentMain {

    static final int FAILED = 1;
    static final int SETTINGS_REFUSED = 3;
    static final int NOT_REACHABLE = 4;
    static final int NOT_ALLOWED = 5;

    /** Where an agent's folder is. */
    static final class Folder {

        @Option(
                names = "--dir",
                paramLabel = "DIR",
                description = "the agent's folder (default: ~/.local/share/gatehouse-agent)")
        Path dir = Path.of(System.getProperty("user.home"), ".local", "share", "gatehouse-agent");
    }

    public static void main(String[] args) {
        System.exit(run(args));
    }

    /** For tests, and for programs that have {@code agent} as one of their commands. */
    public static int run(String... args) {
        return new CommandLine(new AgentMain()).execute(args);
    }
}
