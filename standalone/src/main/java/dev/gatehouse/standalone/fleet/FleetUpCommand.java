package dev.gatehouse.standalone.fleet;

import dev.gatehouse.shared.cluster.Role;
import dev.gatehouse.standalone.home.Home;
import dev.gatehouse.standalone.home.LocalOptions;
import dev.gatehouse.standalone.home.Ports;
import dev.gatehouse.standalone.home.Ready;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code gatehouse fleet up}: stays in the foreground until it is interrupted. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = "Runs a fleet: each service, PostgreSQL, Redis and the demo agent as processes of their own."
                + " What dies is started again. Data stays in the home. Ctrl-C stops.",
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:stopped", "1:could not start", "2:usage", "3:settings refused"})
final class FleetUpCommand implements Callable<Integer> {

    @Mixin
    private final LocalOptions local = new LocalOptions();

    @Option(names = "--gateways", paramLabel = "N", defaultValue = "2", description = "default: ${DEFAULT-VALUE}")
    private int gateways;

    @Option(names = "--ingest-workers", paramLabel = "N", defaultValue = "2", description = "default: ${DEFAULT-VALUE}")
    private int ingestWorkers;

    @Option(
            names = "--background-workers",
            paramLabel = "N",
            defaultValue = "3",
            description = "default: ${DEFAULT-VALUE}")
    private int backgroundWorkers;

    @Option(names = "--admin-apis", paramLabel = "N", defaultValue = "2", description = "default: ${DEFAULT-VALUE}")
    private int adminApis;

    @Option(names = "--enclaves", paramLabel = "N", defaultValue = "0", description = "Not built yet: refused above 0")
    private int enclaves;

    @Option(
            names = "--store",
            paramLabel = "folder|s3",
            defaultValue = "folder",
            description =
                    "What keeps the objects: a folder of the home, or an S3 server as a process (default: ${DEFAULT-VALUE})")
    private Shape.Store store = Shape.Store.FOLDER;

    @Option(
            names = "--set",
            paramLabel = "[NAME:]KEY=VALUE",
            description = "A setting of every service, or of one: --set gateway-1:capture.linkWindow=1MiB; repeatable")
    private List<String> set = List.of();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        if (enclaves != 0) {
            throw new ParameterException(
                    spec.commandLine(), "--enclaves " + enclaves + ": the enclave is not built yet; 0 is allowed");
        }
        Ports ports = local.ports();
        Shape shape;
        Overrides overrides;
        try {
            shape = new Shape(
                    Map.of(
                            Role.GATEWAY, gateways,
                            Role.INGEST_WORKER, ingestWorkers,
                            Role.BACKGROUND_WORKER, backgroundWorkers,
                            Role.ADMIN_API, adminApis),
                    store);
            overrides = Overrides.parse(
                    set, shape.all(ports).stream().map(Shape.Replica::name).toList());
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        try {
            run(ports, shape, overrides);
            return 0;
        } catch (FleetException e) {
            spec.commandLine().getErr().println("could not start: " + e.getMessage());
            return e.exitStatus();
        } catch (Home.Unusable | IOException e) {
            spec.commandLine().getErr().println("could not start: " + e.getMessage());
            return FleetException.FAILED;
        }
    }

    private void run(Ports ports, Shape shape, Overrides overrides)
            throws FleetException, Home.Unusable, IOException, InterruptedException {
        long begun = System.nanoTime();
        PrintWriter out = spec.commandLine().getOut();
        Consumer<String> say = text -> {
            out.println("gatehouse: " + text);
            out.flush();
        };
        Home taken = local.open();
        System.setProperty("gatehouse.logs", taken.at("logs").toString());
        System.setProperty("gatehouse.log", "fleet");
        System.setProperty("logback.configurationFile", "logback-up.xml");
        Fleet fleet = new Fleet(taken, ports, shape, overrides, local.demo(), say);
        Commands commands = new Commands(fleet, () -> new Thread(() -> System.exit(0), "exit").start());
        ControlServer control = ControlServer.open(new Folders(taken).control(), commands::run);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(taken, fleet, control, say), "stop"));
        Ready ready = fleet.start();
        taken.ready().write(ready.json());
        out.println(ready.text((System.nanoTime() - begun) / 1_000_000, local.demo()));
        out.flush();
        new CountDownLatch(1).await(); // until a signal or `fleet stop` ends the JVM
    }

    private static void stop(Home home, Fleet fleet, ControlServer control, Consumer<String> say) {
        say.accept("stopping …");
        try {
            home.ready().remove();
            fleet.stop();
            control.close();
            home.close();
        } catch (IOException e) {
            say.accept("not stopped cleanly: " + e.getMessage());
        }
        say.accept("stopped");
    }
}
