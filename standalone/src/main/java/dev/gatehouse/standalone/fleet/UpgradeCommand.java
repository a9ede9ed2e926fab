package dev.gatehouse.standalone.fleet;

import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gatehouse upgrade}: brings the services of a local fleet to the build that is there now. */
@Command(
        name = "upgrade",
        mixinStandardHelpOptions = true,
        description =
                "Replaces services of a local fleet by those of the present build, one by one: drained, started again,"
                        + " and ready before the next. Ctrl-C ends the watching, not the upgrade.")
public final class UpgradeCommand implements Callable<Integer> {

    @Mixin
    private HomeOption home;

    @ArgGroup(multiplicity = "1")
    private Which which;

    /** One or all. */
    private static final class Which {

        @Parameters(paramLabel = "NODE", description = "As in `fleet status`: gateway-1, …")
        private String node = Commands.ALL;

        @Option(names = "--all", description = "Every service")
        private boolean all;
    }

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        return home.run(
                spec,
                fleet -> fleet.ask(
                        Commands.Action.UPGRADE,
                        which.all ? Commands.ALL : which.node,
                        spec.commandLine().getErr()::println));
    }
}
