package dev.gatehouse.cli;

import dev.gatehouse.cli.admin.AgentsCommand;
import dev.gatehouse.cli.admin.AuditCommand;
import dev.gatehouse.cli.admin.DrainCommand;
import dev.gatehouse.cli.admin.LocksCommand;
import dev.gatehouse.cli.admin.NodesCommand;
import dev.gatehouse.cli.admin.RolesCommand;
import dev.gatehouse.cli.admin.SessionsCommand;
import dev.gatehouse.cli.admin.TokensCommand;
import dev.gatehouse.cli.admin.UsersCommand;
import dev.gatehouse.cli.capture.EventsCommand;
import dev.gatehouse.cli.capture.StreamsCommand;
import dev.gatehouse.cli.connect.ConnectCommand;
import dev.gatehouse.cli.connect.ExplainCommand;
import dev.gatehouse.cli.connect.LsCommand;
import dev.gatehouse.cli.login.LoginCommand;
import dev.gatehouse.cli.login.LogoutCommand;
import dev.gatehouse.cli.login.WhoamiCommand;
import dev.gatehouse.cli.output.CliException;
import dev.gatehouse.cli.output.Exit;
import dev.gatehouse.cli.output.Shell;
import dev.gatehouse.cli.verify.VerifyCommand;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line of users and administrators. */
@Command(
        name = "gatehouse",
        description = "A highly available gateway for fleets of agents.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nTo run it:%n",
        footer = {
            "  up                everything in one process, to try it",
            "  fleet             many processes on this host: up, status, stop, kill, …",
            "  upgrade           brings a local fleet to the present build, one by one",
            "  agent             enrols and runs an agent",
            "  gateway, ingest-worker, background-worker, admin-api",
            "                    one service",
            "  settings          every key with unit and default",
            "  bench, test       measures, checks",
            "",
            "Each takes --help. Exit status: 0 done, 1 failed, 2 usage, 3 settings refused,",
            "4 not reachable, 5 not allowed."
        })
public final class CliMain implements Runnable {

    @Spec
    private CommandSpec command;

    private CliMain() {}

    public static void main(String[] arguments) {
        System.exit(run(Shell.ofProcess(), arguments));
    }

    /** Runs one command; its exit status. */
    public static int run(Shell shell, String... arguments) {
        CommandLine line = new CommandLine(new CliMain())
                .addSubcommand(new LoginCommand(shell))
                .addSubcommand(new LogoutCommand(shell))
                .addSubcommand(new WhoamiCommand(shell))
                .addSubcommand(new ConnectCommand(shell))
                .addSubcommand(new LsCommand(shell))
                .addSubcommand(new ExplainCommand(shell))
                .addSubcommand(new AgentsCommand(shell))
                .addSubcommand(new TokensCommand(shell))
                .addSubcommand(new UsersCommand(shell))
                .addSubcommand(new RolesCommand(shell))
                .addSubcommand(new LocksCommand(shell))
                .addSubcommand(new SessionsCommand(shell))
                .addSubcommand(new StreamsCommand(shell))
                .addSubcommand(new EventsCommand(shell))
                .addSubcommand(new VerifyCommand(shell))
                .addSubcommand(new NodesCommand(shell))
                .addSubcommand(new DrainCommand(shell))
                .addSubcommand(new AuditCommand(shell));
        version(line);
        line.setOut(new PrintWriter(shell.out(), true, shell.out().charset()));
        line.setErr(new PrintWriter(shell.err(), true, shell.err().charset()));
        line.setExecutionExceptionHandler((failure, where, parsed) -> failed(failure, shell));
        return line.execute(arguments);
    }

    private static void version(CommandLine line) {
        String version = CliMain.class.getPackage().getImplementationVersion();
        line.getCommandSpec().version("gatehouse " + (version == null ? "of no release" : version));
        line.getSubcommands().values().forEach(CliMain::version);
    }

    @Override
    public void run() {
        throw new ParameterException(command.commandLine(), "a command is needed");
    }

    private static int failed(Exception failure, Shell shell) {
        if (failure instanceof CliException said) {
            shell.err().println("gatehouse: " + said.getMessage());
            return said.exit().status();
        }
        shell.err().println("gatehouse: unexpected failure; please report it");
        failure.printStackTrace(shell.err());
        return Exit.FAILED.status();
    }
}
