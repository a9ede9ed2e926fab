package dev.gatehouse.agent;

import dev.gatehouse.agent.enrol.Identity;
import dev.gatehouse.agent.enrol.RunNumber;
import dev.gatehouse.agent.ledger.Ledger;
import dev.gatehouse.agent.resource.ResourceVerticle;
import dev.gatehouse.agent.settings.AgentSettings;
import dev.gatehouse.agent.settings.SettingsFollower;
import dev.gatehouse.agent.source.EventTicker;
import dev.gatehouse.agent.source.EventWriter;
import dev.gatehouse.agent.source.Source;
import dev.gatehouse.agent.source.tail.TailSource;
import dev.gatehouse.agent.source.watch.WatchSource;
import dev.gatehouse.agent.spool.Spool;
import dev.gatehouse.agent.status.StatusFile;
import dev.gatehouse.agent.uplink.UplinkStatus;
import dev.gatehouse.agent.uplink.UplinkVerticle;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running agent: sources, spool and links. Many may run in one process, each in a folder of its own.
 *
 * <p>Thread-safe.
 */
public final class Agent {

    private static final Logger log = LoggerFactory.getLogger(Agent.class);

    private static final long STATUS_MILLIS = 1000;
    private static final String EVENTS = "log";

    private final Vertx vertx;
    private final Path folder;
    private final RunNumber run;
    private final Spool spool;
    private final Optional<Ledger> ledger;
    private final EventTicker events;
    private final List<Source> sources;
    private final ResourceVerticle resources;
    private final UplinkVerticle uplink;
    private String deployment;
    private String resourcesDeployment;
    private Optional<SettingsFollower> follower = Optional.empty();
    private long timer;

    private Agent(
            Vertx vertx,
            Path folder,
            RunNumber run,
            Spool spool,
            Optional<Ledger> ledger,
            EventTicker events,
            List<Source> sources,
            ResourceVerticle resources,
            UplinkVerticle uplink) {
        this.vertx = vertx;
        this.folder = folder;
        this.run = run;
        this.spool = spool;
        this.ledger = ledger;
        this.events = events;
        this.sources = sources;
        this.resources = resources;
        this.uplink = uplink;
    }

    /**
     * Starts the agent of a folder that an enrolment has filled. Fails when the folder has no identity, is used by another agent, or can't be read.
     *
     * @param ledger to which a line is added for each acknowledged chunk
     */
    public static Future<Agent> start(Vertx vertx, Path folder, AgentSettings settings, Optional<Path> ledger) {
        return vertx.executeBlocking(() -> open(vertx, folder, settings, ledger))
                .compose(Agent::begin);
    }

    private static Agent open(Vertx vertx, Path folder, AgentSettings settings, Optional<Path> ledgerFile)
            throws IOException, InterruptedException {
        Identity identity = Identity.load(folder);
        Spool spool = Spool.open(folder.resolve("spool"), settings.spool());
        Optional<Ledger> ledger = Optional.empty();
        try {
            if (ledgerFile.isPresent()) {
                ledger = Optional.of(Ledger.open(ledgerFile.get(), spool));
            }
            RunNumber run = RunNumber.next(folder);
            WatchSource.endOrphans(spool);
            EventTicker events = new EventTicker(spool);
            List<Source> sources = new ArrayList<>();
            settings.tails().forEach(tail -> sources.add(new TailSource(tail, spool, events.writer(EVENTS, ""))));
            List<WatchSource> watches = settings.watches().stream()
                    .map(watch -> new WatchSource(watch, spool))
                    .toList();
            sources.addAll(watches);
            spool.onPart(stream -> watches.stream()
                    .flatMap(watch -> watch.partOnly(stream).stream())
                    .toList());
            ResourceVerticle resources =
                    new ResourceVerticle(settings.resources(), settings.watched(), identity.trust());
            UplinkVerticle uplink =
                    new UplinkVerticle(folder, identity, settings, resources, spool, run, ledger, version());
            return new Agent(vertx, folder, run, spool, ledger, events, sources, resources, uplink);
        } catch (IOException | RuntimeException e) {
            if (ledger.isPresent()) {
                ledger.get().close();
            }
            spool.close();
            throw e;
        }
    }

    private Future<Agent> begin() {
        return vertx.deployVerticle(resources)
                .onSuccess(id -> resourcesDeployment = id)
                .compose(offered -> vertx.deployVerticle(uplink))
                .onSuccess(id -> {
                    deployment = id;
                    sources.forEach(Source::start);
                    timer = vertx.setPeriodic(0, STATUS_MILLIS, tick -> vertx.executeBlocking(this::writeStatus));
                    log.info("Agent '{}' runs in {}, run {}", identity().name(), folder, run.number());
                })
                .map(this)
                .onFailure(cause -> spool.close());
    }

    /** A stream of events of the embedding program's own; the same for the same name. Adding to it blocks while the spool is full. */
    public EventWriter events(String name) {
        return events.writer(name, "");
    }

    /** Takes over what its file says of resources whenever that changes. */
    public void follow(Path file, AgentSettings read) {
        follower = Optional.of(new SettingsFollower(
                vertx, file, read, changed -> resources.change(changed.resources(), changed.watched())));
    }

    /** What it offers. */
    public ResourceVerticle resources() {
        return resources;
    }

    public Identity identity() {
        return uplink.identity();
    }

    public Spool.State spool() {
        return spool.state();
    }

    public UplinkStatus links() {
        return uplink.status();
    }

    public List<Source> sources() {
        return List.copyOf(sources);
    }

    public long run() {
        return run.number();
    }

    /** Of the program, as HELLO and the status say it. */
    public static String version() {
        String version = Agent.class.getPackage().getImplementationVersion();
        return version == null ? "0.1.0-SNAPSHOT" : version;
    }

    /** Stops sources, puts into the spool what they hold, hangs up, and lets the folder go. */
    public Future<Void> close() {
        vertx.cancelTimer(timer);
        follower.ifPresent(SettingsFollower::close);
        return vertx.<Void>executeBlocking(() -> {
                    sources.forEach(Source::close);
                    events.close();
                    return null;
                })
                .eventually(() -> vertx.undeploy(deployment))
                .eventually(() -> vertx.undeploy(resourcesDeployment))
                .eventually(() -> vertx.executeBlocking(() -> {
                    spool.close();
                    if (ledger.isPresent()) {
                        ledger.get().close();
                    }
                    StatusFile.write(folder, status(false));
                    return null;
                }));
    }

    private StatusFile.AgentStatus status(boolean running) {
        return new StatusFile.AgentStatus(
                running, identity(), version(), run.number(), links(), spool.state(), sources, resources.message());
    }

    private Void writeStatus() {
        try {
            StatusFile.write(folder, status(true));
        } catch (IOException e) {
            log.debug("Status not written", e);
        }
        return null;
    }
}
