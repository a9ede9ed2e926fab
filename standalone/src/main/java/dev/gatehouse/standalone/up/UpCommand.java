package dev.gatehouse.standalone.up;

import dev.gatehouse.shared.node.StartException;
import dev.gatehouse.shared.settings.SettingsException;
import dev.gatehouse.standalone.home.Home;
import dev.gatehouse.standalone.home.LocalOptions;
import dev.gatehouse.standalone.home.Ports;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code gatehouse up}: stays in the foreground until it is interrupted. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = "Runs everything in one process on embedded PostgreSQL and Redis, with a demo agent."
                + " Data stays in the home. Ctrl-C stops.",
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:stopped", "1:could not start", "2:usage", "3:settings refused"})
public final class UpCommand implements Callable<Integer> {

    private static final int FAILED = 1;

    @Mixin
    private final LocalOptions local = new LocalOptions();

    @Option(names = "--screen", description = "Let the demo agent record this screen (not built yet: refused)")
    private boolean screen;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        if (screen) {
            throw new ParameterException(spec.commandLine(), "--screen: recording a screen is not built yet");
        }
        Ports ports = local.ports();
        try {
            Home taken = local.open();
            Up up = new Up(taken, ports, local.demo(), spec.commandLine().getOut());
            Runtime.getRuntime().addShutdownHook(new Thread(up::stop, "stop"));
            up.start();
            new CountDownLatch(1).await(); // until a signal ends the JVM
            return 0;
        } catch (SettingsException e) {
            return refused("settings refused:\n" + e.getMessage(), SettingsException.EXIT_STATUS);
        } catch (Home.Unusable | StartException | Up.Failed e) {
            return refused("could not start: " + e.getMessage(), FAILED);
        }
    }

    private int refused(String text, int status) {
        spec.commandLine().getErr().println(text);
        return status;
    }
}
