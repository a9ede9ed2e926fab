package dev.gatehouse.standalone.fleet;

import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** {@code --home} of the commands on a running fleet, and how they say that something failed. */
final class HomeOption {

    @Option(
            names = "--home",
            paramLabel = "DIR",
            defaultValue = ".gatehouse",
            description = "The fleet's home (default: ${DEFAULT-VALUE})")
    private Path home = Path.of(".gatehouse");

    /** What is done with the fleet. */
    interface Work {
        void with(ControlClient fleet) throws FleetException, InterruptedException;
    }

    /** The exit status. */
    int run(CommandSpec spec, Work work) throws InterruptedException {
        try {
            work.with(ControlClient.of(home));
            return 0;
        } catch (FleetException e) {
            spec.commandLine().getErr().println("gatehouse: " + e.getMessage());
            return e.exitStatus();
        }
    }
}
