package dev.gatehouse.agent.uplink;

import dev.gatehouse.agent.enrol.Identity;
import dev.gatehouse.agent.enrol.RunNumber;
import dev.gatehouse.agent.ledger.Ledger;
import dev.gatehouse.agent.resource.ResourceVerticle;
import dev.gatehouse.agent.settings.AgentSettings;
import dev.gatehouse.agent.spool.Spool;
import dev.gatehouse.agent.tunnel.AgentTunnels;
import dev.gatehouse.protocol.link.FromGateway;
import dev.gatehouse.protocol.message.Control;
import dev.gatehouse.protocol.message.LinkError;
import dev.gatehouse.protocol.message.Welcome;
import dev.gatehouse.protocol.transport.Dial;
import dev.gatehouse.protocol.transport.Link;
import dev.gatehouse.protocol.transport.LinkSettings;
import dev.gatehouse.protocol.transport.LinkTunnels;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The agent's links, and what goes over them. One link carries what is captured; the other, to another gateway where there is one, stands by and takes over at once.
 *
 * <p>Event loop. Above 300 lines: it decides nothing; what goes over the active link is {@link Carrier}'s, the certificate {@link Renewal}'s, when a slot comes back {@link Comeback}'s.
 */
public final class UplinkVerticle extends VerticleBase implements LinkOwner {

    private static final Logger log = LoggerFactory.getLogger(UplinkVerticle.class);

    private static final long TICK_MILLIS = 1000;

    /** The second link is looked for this often while only one gateway is known. */
    private static final Duration SECOND_LINK = Duration.ofMinutes(1);

    private final Path folder;
    private final Identity first;
    private final Introduction introduction;
    private final ResourceVerticle resources;
    private AgentTunnels tunnels;
    private final Spool spool;
    private final RunNumber run;
    private final Optional<Ledger> ledger;
    private final ExecutorService reader = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("spool-reader").daemon().factory());
    private final ExecutorService acker = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("spool-acks").daemon().factory());
    private final AtomicBoolean planned = new AtomicBoolean();
    private final List<LinkSlot> slots = new ArrayList<>();
    private final List<Dial> dials = new ArrayList<>();
    private Context own;
    private volatile Renewal renewal;
    private Dial dial;
    private Acks acks;
    private Carrier.Shared shared;
    private Optional<Carrier> carrier = Optional.empty();
    private long secondAfter = System.nanoTime();
    private volatile UplinkStatus status = new UplinkStatus(List.of(), Optional.empty(), "");
    private String problem = "";
    private boolean stopping;

    public UplinkVerticle(
            Path folder,
            Identity identity,
            AgentSettings settings,
            ResourceVerticle resources,
            Spool spool,
            RunNumber run,
            Optional<Ledger> ledger,
            String version) {
        this.folder = folder;
        this.first = identity;
        this.introduction = new Introduction(settings, resources, spool, run, version);
        this.resources = resources;
        this.spool = spool;
        this.run = run;
        this.ledger = ledger;
    }

    /** Any thread. */
    public UplinkStatus status() {
        return status;
    }

    @Override
    public Future<?> start() {
        own = context;
        acks = new Acks(spool, ledger, acker);
        shared = new Carrier.Shared(spool, acks, reader, own, this::schedulePlan, this::forked, this::complain);
        tunnels = new AgentTunnels(vertx, first.agentId(), resources);
        renewal = new Renewal(vertx, folder, first, () -> dial = newDial(), this::complain);
        dial = newDial();
        LeftAlone leftAlone = new LeftAlone();
        for (int slot = 0; slot < 2; slot++) {
            slots.add(new LinkSlot(slot, vertx, this, first.agentAddresses(), first.accessUrl(), leftAlone));
        }
        spool.onChange(this::schedulePlan);
        OfferNews news = new OfferNews(vertx, own, this::tell);
        resources.onChange(news::resources, news::health);
        vertx.setPeriodic(0, TICK_MILLIS, tick -> tick());
        return Future.succeededFuture();
    }

    @Override
    public Future<?> stop() {
        stopping = true;
        spool.onChange(() -> {});
        resources.onChange(() -> {}, () -> {});
        tunnels.close();
        slots.forEach(LinkSlot::close);
        reader.shutdown();
        acker.shutdown();
        Future<Void> closing = vertx.timer(50, TimeUnit.MILLISECONDS).mapEmpty();
        for (Dial open : dials) {
            closing = closing.eventually(open::close);
        }
        return closing.compose(closed -> vertx.executeBlocking(() -> acker.awaitTermination(5, TimeUnit.SECONDS)));
    }

    private Dial newDial() {
        Identity identity = identity();
        Dial made = new Dial(vertx, LinkSettings.DEFAULT, identity.key(), identity.chain(), identity.trust());
        dials.add(made);
        return made;
    }

    private void tick() {
        if (renewal.isTooLate() && slots.getFirst().state() == LinkSlot.State.IDLE) {
            renewal.onAccess("it has ended").onComplete(tried -> dialSlots());
        } else {
            dialSlots();
        }
        carrier.map(Carrier::slot)
                .filter(slot -> slot.state() == LinkSlot.State.UP)
                .ifPresent(slot -> renewal.request().ifPresent(slot.link()::send));
        plan();
        for (Dial old : List.copyOf(dials)) {
            if (old != dial && slots.stream().noneMatch(slot -> slot.dialled() == old)) {
                dials.remove(old);
                old.close();
            }
        }
        showStatus();
    }

    private void showStatus() {
        List<UplinkStatus.LinkStatus> links =
                slots.stream().map(slot -> slot.status(isActive(slot))).toList();
        status = new UplinkStatus(links, acks.last(), problem);
    }

    // ---- links

    private void dialSlots() {
        if (stopping) {
            return;
        }
        Optional<LinkSlot> up = slots.stream()
                .filter(slot -> slot.state() == LinkSlot.State.UP)
                .findFirst();
        if (up.isEmpty()) {
            slots.forEach(LinkSlot::reconsider);
        }
        boolean besideWanted = up.isEmpty()
                || up.get().targets().others(up.get().gateway()) > 0
                || System.nanoTime() - secondAfter >= 0;
        LinkSlot first = slots.getFirst();
        DialTurn.slot(first.state(), first.isTold(), slots.getLast().state(), besideWanted)
                .ifPresent(slot -> {
                    if (up.isPresent()) {
                        secondAfter = System.nanoTime() + SECOND_LINK.toNanos();
                    }
                    slots.get(slot).dial();
                });
    }

    @Override
    public Control hello(int slot, Optional<Buffer> nonce) {
        return introduction.hello(identity(), slot, avoid(slot), nonce);
    }

    @Override
    public Dial dial() {
        return dial;
    }

    @Override
    public Optional<String> avoid(int slot) {
        LinkSlot other = slots.get(1 - slot);
        boolean there = other.state() == LinkSlot.State.UP || other.state() == LinkSlot.State.LEAVING;
        return there ? Optional.of(other.gateway()) : Optional.empty();
    }

    @Override
    public void up(LinkSlot slot, Welcome welcome) {
        problem = "";
        Map<String, String> listed = new HashMap<>();
        welcome.getGatewaysList().forEach(known -> listed.put(known.getId(), known.getAddress()));
        slots.forEach(each -> each.targets().listed(listed));
        secondAfter = System.nanoTime() + SECOND_LINK.toNanos();
        if (slots.get(1 - slot.number).state() == LinkSlot.State.UP
                && slots.get(1 - slot.number).gateway().equals(slot.gateway())) {
            log.warn("Both links are to gateway {}; the second one is given up", slot.gateway());
            slot.link().close();
            return;
        }
        long off = Math.abs(System.currentTimeMillis() - welcome.getTime() / 1000);
        if (welcome.getTime() != 0 && off > Duration.ofMinutes(5).toMillis()) {
            problem = "this machine's clock is " + Duration.ofMillis(off).toSeconds() + " s off the gateway's";
            log.warn("{}; captured times are wrong by that", problem);
        }
        if (carrier.isEmpty()) {
            activate(slot);
        }
        dialSlots();
        showStatus();
    }

    private void activate(LinkSlot slot) {
        carrier = Optional.of(new Carrier(slot, shared));
        log.info("What is captured goes over link {} to gateway {}", slot.number, slot.gateway());
        plan();
    }

    private boolean isActive(LinkSlot slot) {
        return carrier.filter(carries -> carries.slot() == slot).isPresent();
    }

    @Override
    public void down(LinkSlot slot) {
        resources.left(slot.number);
        if (isActive(slot)) {
            carrier.ifPresent(Carrier::over);
            carrier = Optional.empty();
            slots.stream()
                    .filter(other -> other != slot && other.state() == LinkSlot.State.UP)
                    .findFirst()
                    .ifPresent(this::activate);
        }
        if (slot.state() == LinkSlot.State.IDLE) {
            dialSlots();
        }
        showStatus();
    }

    @Override
    public Future<Void> refused(LinkError error) {
        switch (error.getCode()) {
            case STALE_RUN -> {
                log.warn("A gateway knows run {}, this is {}; going on above it", error.getKnownRun(), run.number());
                return vertx.executeBlocking(() -> {
                    run.above(error.getKnownRun());
                    return null;
                });
            }
            case CERTIFICATE_EXPIRED -> {
                return renewal.onAccess("the gateway says that it has ended");
            }
            case DUPLICATE_IDENTITY ->
                complain("another machine uses this agent's identity: was its folder copied? Enrol one of them anew");
            case REVOKED -> complain("this agent has been revoked; what it captures stays in its spool");
            case NOT_ENROLLED -> complain("the deployment does not know this agent: " + error.getDetail());
            case BAD_FRAME, BAD_MESSAGE, BAD_ORDER, WINDOW_EXCEEDED ->
                complain("a gateway says that this agent breaks the protocol: " + error.getCode() + " "
                        + error.getDetail());
            default -> {}
        }
        return Future.succeededFuture();
    }

    private void complain(String what) {
        if (!what.equals(problem)) {
            log.error("{}", what);
        }
        problem = what;
    }

    @Override
    public Future<Void> suspicious(int failures) {
        return failures % LinkSlot.SUSPICIOUS == 0 && renewal.isDue()
                ? renewal.onAccess("gateways close links before they begin")
                : Future.succeededFuture();
    }

    @Override
    public Control resources() {
        return introduction.resources();
    }

    @Override
    public Control heartbeat() {
        return introduction.heartbeat();
    }

    /** Says over all links what the agent offers, or only how that is. */
    private void tell(boolean offers) {
        for (LinkSlot slot : slots) {
            if (slot.state() == LinkSlot.State.UP) {
                slot.link().send(offers ? resources() : heartbeat());
            }
        }
    }

    public Identity identity() {
        return renewal == null ? first : renewal.identity();
    }

    @Override
    public LinkTunnels tunnels(Link link) {
        return tunnels.over(link);
    }

    @Override
    public void drained(LinkSlot slot) {
        if (isActive(slot)) {
            schedulePlan();
        }
    }

    // ---- capture

    @Override
    public void received(LinkSlot slot, FromGateway frame) {
        if (frame instanceof FromGateway.Said said && said.control().getBodyCase() == Control.BodyCase.RENEWED) {
            renewal.answered(said.control().getRenewed());
        }
        if (frame instanceof FromGateway.Said said && said.control().hasRegistered()) {
            resources.registered(slot.number, said.control().getRegistered());
        }
        if (isActive(slot)) {
            carrier.ifPresent(carries -> carries.received(frame));
        }
    }

    /** Any thread. */
    private void schedulePlan() {
        if (planned.compareAndSet(false, true)) {
            own.runOnContext(turn -> {
                planned.set(false);
                plan();
            });
        }
    }

    private void plan() {
        carrier.ifPresent(Carrier::plan);
    }

    /** Also when another link asked for it. */
    private void forked(UUID stream) {
        carrier.ifPresent(carries -> carries.forked(stream));
        plan();
    }
}
