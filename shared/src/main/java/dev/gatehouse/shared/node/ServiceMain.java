package dev.gatehouse.shared.node;

import dev.gatehouse.shared.settings.SettingsException;
import dev.gatehouse.shared.store.ObjectStore;
import dev.gatehouse.shared.store.StoreSettings;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What the main of a service does: reads the settings, starts, stays until it is told to stop. Exit status 0 left in order, by a signal or drained; 1 could not start, or a step of the shutdown was not done; 2 usage; 3 settings refused; 4 custody not reachable; 5 node token refused; 75 must be started anew, as others had gone on without it. */
@Command(mixinStandardHelpOptions = true)
public final class ServiceMain implements Callable<Integer> {

    private static final int FAILED = 1;

    /** The node has left by itself because others had gone on without it: to be started anew. */
    static final int SICK = 75;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "YAML file of settings; GATEHOUSE_… variables come on top")
    private Optional<Path> config = Optional.empty();

    @Spec
    private CommandSpec spec;

    private final List<Service> services;
    private final BiFunction<Vertx, StoreSettings, ObjectStore> openStore;

    private ServiceMain(List<Service> services, BiFunction<Vertx, StoreSettings, ObjectStore> openStore) {
        this.services = services;
        this.openStore = openStore;
    }

    /** Returns once the services do their work; ends the JVM when they cannot. */
    public static void run(
            String[] arguments, BiFunction<Vertx, StoreSettings, ObjectStore> openStore, Service... services) {
        CommandLine line = line(openStore, services);
        int status = line.execute(arguments);
        if (status != 0 || line.isUsageHelpRequested() || line.isVersionHelpRequested()) {
            System.exit(status);
        }
    }

    static CommandLine line(BiFunction<Vertx, StoreSettings, ObjectStore> openStore, Service... services) {
        return new CommandLine(new ServiceMain(List.of(services), openStore))
                .setCommandName(services[0].role().word());
    }

    @Override
    public Integer call() {
        try {
            Settings settings = Settings.load(config);
            RunningNode running = NodeStart.start(settings, services, openStore);
            AtomicInteger status = new AtomicInteger();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> leave(running, status.get()), "shutdown"));
            running.onDrain(() -> System.exit(0));
            running.onSick(reason -> {
                status.set(SICK);
                System.exit(SICK);
            });
            return 0;
        } catch (SettingsException e) {
            return refused("settings refused:", e.getMessage(), SettingsException.EXIT_STATUS);
        } catch (StartException e) {
            return refused("could not start:", e.getMessage(), e.status());
        }
    }

    /** An ordered end is a good one, also when a signal asked for it: who watches the process can tell it from a death. */
    private static void leave(RunningNode running, int status) {
        List<String> bad = running.stop();
        Runtime.getRuntime().halt(bad.isEmpty() || status != 0 ? status : FAILED);
    }

    private int refused(String what, String problems, int status) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(what + "\n" + problems);
        err.flush();
        return status;
    }
}
