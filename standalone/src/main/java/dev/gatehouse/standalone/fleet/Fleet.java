package dev.gatehouse.standalone.fleet;

import dev.gatehouse.embedded.EmbeddedException;
import dev.gatehouse.embedded.EmbeddedPostgres;
import dev.gatehouse.embedded.S3ProxyProcess;
import dev.gatehouse.protocol.identity.Pin;
import dev.gatehouse.shared.cluster.Role;
import dev.gatehouse.shared.node.Settings;
import dev.gatehouse.standalone.home.DemoFolder;
import dev.gatehouse.standalone.home.DemoTargets;
import dev.gatehouse.standalone.home.Home;
import dev.gatehouse.standalone.home.Ports;
import dev.gatehouse.standalone.home.Ready;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * A whole Gatehouse as processes of this host in one cluster: PostgreSQL, Redis and perhaps an S3 server, then the services in waves, then the demo agent; supervised while it runs; stopped in the opposite order.
 *
 * <p>{@link #start()} on the main thread; the rest on any.
 */
final class Fleet {

    /** Services that start at the same time: more would only wait for each other's processor. */
    private static final int WAVE = 3;

    private static final int START_TRIES = 3;
    private static final long WATCH_MILLIS = 200;

    private final Home home;
    private final Ports ports;
    private final Shape shape;
    private final Overrides overrides;
    private final Consumer<String> say;
    private final Folders folders;
    private final Parts parts;
    private final EmbeddedPostgres postgres;
    private final Optional<S3ProxyProcess> s3;
    private final Map<String, Part> foundations = new LinkedHashMap<>();
    private final Map<String, Part> services = new LinkedHashMap<>();
    private final Optional<Part> demo;
    private volatile Optional<DemoTargets> targets = Optional.empty();
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("watch").factory());
    private volatile Optional<Path> archive = Optional.empty();
    private volatile Pin pin;
    private volatile boolean stopping;

    Fleet(Home home, Ports ports, Shape shape, Overrides overrides, boolean withDemo, Consumer<String> say) {
        this.home = home;
        this.ports = ports;
        this.shape = shape;
        this.overrides = overrides;
        this.say = say;
        this.folders = new Folders(home);
        parts = new Parts(folders, ports, () -> archive, say);
        postgres = parts.postgres();
        s3 = shape.store() == Shape.Store.S3 ? Optional.of(parts.s3()) : Optional.empty();
        foundations.put(Parts.POSTGRES, parts.part(Parts.POSTGRES, Parts.POSTGRES, postgres));
        foundations.put(Parts.REDIS, parts.part(Parts.REDIS, Parts.REDIS, parts.redis()));
        s3.ifPresent(server -> foundations.put(Parts.S3, parts.part(Parts.S3, Parts.S3, server)));
        shape.all(ports).forEach(replica -> services.put(replica.name(), parts.service(replica)));
        demo = withDemo ? Optional.of(parts.demo(new DemoFolder(home, ports))) : Optional.empty();
    }

    /** Returns when every service is ready. Whatever was begun before a failure is undone by {@link #stop()}. */
    Ready start() throws FleetException, InterruptedException {
        try {
            for (String name : foundations.keySet()) {
                linkLog(name);
            }
            Together.run(all(), Part::endLeftover);
            Together.run(parts.earlier(services.keySet()), Part::endLeftover);
            say.accept(String.join(", ", foundations.keySet()) + " …");
            startAll(List.copyOf(foundations.values()));
            EmbeddedPostgres.Database database = postgres.createDatabase("gatehouse", "gatehouse");
            say.accept("deployment …");
            Settings settings = new ServiceSettings(home, ports, shape, s3, overrides).write(folders, database);
            Setup setup = new Setup(home, settings);
            pin = setup.prepare();
            archive = new Archive(home, ports, say).get(postgres);
            for (List<Part> wave : Shape.waves(inOrderOfStart(), WAVE)) {
                startAll(wave);
            }
            if (demo.isPresent()) {
                targets = Optional.of(DemoTargets.start(ports, postgres));
                setup.enrolDemo(new DemoFolder(home, ports), ready());
                startAll(List.of(demo.get()));
            }
            var unused = watch.scheduleWithFixedDelay(this::watch, WATCH_MILLIS, WATCH_MILLIS, TimeUnit.MILLISECONDS);
            return ready();
        } catch (TimeoutException e) {
            throw new FleetException("the database does not answer in time", e);
        } catch (IOException | EmbeddedException e) {
            throw new FleetException(e.getMessage(), e);
        }
    }

    /** The admin-apis first: they are custody, which others ask. */
    private List<Part> inOrderOfStart() {
        List<Part> ordered = new ArrayList<>();
        for (Role role : List.of(Role.ADMIN_API, Role.INGEST_WORKER, Role.GATEWAY, Role.BACKGROUND_WORKER)) {
            ordered.addAll(of(role));
        }
        return ordered;
    }

    private List<Part> of(Role role) {
        return services.values().stream()
                .filter(part -> part.role().equals(role.word()))
                .toList();
    }

    private void startAll(List<Part> several) throws FleetException, InterruptedException {
        Together.run(several, this::startPatiently);
    }

    /** A port may be another's for a moment: one failure is not the end of the whole. */
    private void startPatiently(Part part) throws FleetException {
        for (int tries = 1; ; tries++) {
            try {
                startOne(part);
                return;
            } catch (FleetException e) {
                if (tries == START_TRIES || stopping) {
                    throw e;
                }
                say.accept("  " + e.getMessage());
            }
        }
    }

    private void startOne(Part part) throws FleetException {
        long begun = System.nanoTime();
        part.start();
        say.accept("  %s ready (%.1f s)".formatted(part.name(), (System.nanoTime() - begun) / 1e9));
    }

    /** What the embedded servers write lies in their own folders; people look for it beside the other logs. */
    private void linkLog(String name) throws IOException {
        Path link = folders.log(name);
        if (!Files.isSymbolicLink(link)) {
            Files.deleteIfExists(link);
            Files.createSymbolicLink(link, Path.of("..", name, "log"));
        }
    }

    /** Starts again what has died by itself. */
    private void watch() {
        for (Part part : all()) {
            if (!stopping && part.isDue(System.nanoTime())) {
                Thread.ofPlatform().daemon().name("restart").start(() -> {
                    try {
                        startOne(part);
                        changed();
                    } catch (FleetException e) {
                        say.accept(e.getMessage());
                    }
                });
            }
        }
    }

    /** All there are, gateways first. */
    List<Part> all() {
        List<Part> all = new ArrayList<>(services.values());
        all.addAll(foundations.values());
        demo.ifPresent(all::add);
        return all;
    }

    /** Only the services, one role after the other, as they are replaced by an upgrade: the admin-apis, which report it, last. */
    List<Part> inOrderOfUpgrade() {
        List<Part> ordered = new ArrayList<>();
        for (Role role : List.of(Role.BACKGROUND_WORKER, Role.INGEST_WORKER, Role.GATEWAY, Role.ADMIN_API)) {
            ordered.addAll(of(role));
        }
        return ordered;
    }

    Shape shape() {
        return shape;
    }

    /** Before processes of a new build are started. */
    void renewArchive() throws InterruptedException {
        archive = new Archive(home, ports, say).get(postgres);
    }

    /** What is true now. */
    Ready ready() {
        List<Shape.Replica> replicas = shape.all(ports);
        return new Ready(
                home,
                portsOf(replicas, Role.GATEWAY),
                portsOf(replicas, Role.ADMIN_API),
                all().stream().map(Part::running).toList(),
                pin);
    }

    /** To be called after processes have changed: {@code ready.json} names them. */
    synchronized void changed() {
        try {
            if (!stopping && Files.exists(home.at("ready.json"))) {
                home.ready().write(ready().json());
            }
        } catch (IOException e) {
            say.accept("ready.json is not up to date: " + e.getMessage());
        }
    }

    private static List<Ports.OfNode> portsOf(List<Shape.Replica> replicas, Role role) {
        return replicas.stream()
                .filter(replica -> replica.role() == role)
                .map(Shape.Replica::ports)
                .collect(Collectors.toList());
    }

    /** Ends everything: what others use later than what uses it. */
    void stop() {
        stopping = true;
        watch.shutdownNow();
        List<List<Part>> order = new ArrayList<>();
        demo.ifPresent(part -> order.add(List.of(part)));
        for (Role role : List.of(Role.GATEWAY, Role.INGEST_WORKER, Role.BACKGROUND_WORKER, Role.ADMIN_API)) {
            order.add(of(role));
        }
        order.add(List.copyOf(foundations.values()));
        for (List<Part> each : order) {
            try {
                Together.run(each, Part::stop);
            } catch (FleetException | InterruptedException | RuntimeException e) {
                say.accept("not stopped: " + e.getMessage());
            }
        }
        try {
            if (targets.isPresent()) {
                targets.get().close();
            }
        } catch (TimeoutException e) {
            say.accept("demo resources are not stopped: " + e.getMessage());
        }
    }
}
