package dev.gatehouse.agent.uplink;

import com.google.protobuf.ByteString;
import dev.gatehouse.agent.enrol.EnrolClient;
import dev.gatehouse.agent.enrol.EnrolException;
import dev.gatehouse.agent.enrol.Identity;
import dev.gatehouse.agent.enrol.RunNumber;
import dev.gatehouse.agent.ledger.Ledger;
import dev.gatehouse.agent.settings.AgentSettings;
import dev.gatehouse.agent.spool.Spool;
import dev.gatehouse.protocol.identity.AgentKey;
import dev.gatehouse.protocol.identity.Csr;
import dev.gatehouse.protocol.identity.Pem;
import dev.gatehouse.protocol.identity.Signatures;
import dev.gatehouse.protocol.link.FromGateway;
import dev.gatehouse.protocol.message.Backlog;
import dev.gatehouse.protocol.message.Control;
import dev.gatehouse.protocol.message.Heartbeat;
import dev.gatehouse.protocol.message.Hello;
import dev.gatehouse.protocol.message.LinkError;
import dev.gatehouse.protocol.message.Renew;
import dev.gatehouse.protocol.message.Renewed;
import dev.gatehouse.protocol.message.Resource;
import dev.gatehouse.protocol.message.Resources;
import dev.gatehouse.protocol.message.StreamOpen;
import dev.gatehouse.protocol.message.Welcome;
import dev.gatehouse.protocol.transport.Dial;
import dev.gatehouse.protocol.transport.LinkSettings;
import dev.gatehouse.protocol.transport.Priority;
import dev.gatehouse.protocol.wire.Frame;
import dev.gatehouse.protocol.wire.FrameType;
import dev.gatehouse.protocol.wire.Ids;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The agent's links, and what goes over them. One link carries what is captured; the other, to another gateway where there is one, stands by and takes over at once.
 *
 * <p>Event loop; the spool is read on a thread of its own. Above 300 lines: it is all of the shell, and decides nothing that {@link Uplink}, {@link Redial} or {@link Targets} could.
 */
public final class UplinkVerticle extends VerticleBase implements LinkSlot.Owner {

    private static final Logger log = LoggerFactory.getLogger(UplinkVerticle.class);

    private static final long TICK_MILLIS = 1000;
    private static final Duration RENEWAL_PAUSE = Duration.ofMinutes(1);

    /** The second link is looked for this often while only one gateway is known. */
    private static final Duration SECOND_LINK = Duration.ofMinutes(1);

    private final Path folder;
    private final AgentSettings settings;
    private final Spool spool;
    private final RunNumber run;
    private final Optional<Ledger> ledger;
    private final String version;
    private final ExecutorService reader = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("spool-reader").daemon().factory());
    private final ExecutorService acker = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("spool-acks").daemon().factory());
    private final AtomicBoolean planned = new AtomicBoolean();
    private final List<LinkSlot> slots = new ArrayList<>();
    private final List<Dial> dials = new ArrayList<>();
    private Context own;
    private Identity identity;
    private Dial dial;
    private Acks acks;
    private LinkSlot active;
    private Uplink uplink;
    private long counter;
    private AgentKey renewing;
    private long renewAfter = System.nanoTime();
    private long secondAfter = System.nanoTime();
    private volatile Optional<Long> lastAck = Optional.empty();
    private volatile UplinkStatus status = new UplinkStatus(List.of(), Optional.empty(), "");
    private String problem = "";
    private boolean stopping;

    public UplinkVerticle(
            Path folder,
            Identity identity,
            AgentSettings settings,
            Spool spool,
            RunNumber run,
            Optional<Ledger> ledger,
            String version) {
        this.folder = folder;
        this.identity = identity;
        this.settings = settings;
        this.spool = spool;
        this.run = run;
        this.ledger = ledger;
        this.version = version;
    }

    /** Any thread. */
    public UplinkStatus status() {
        return status;
    }

    @Override
    public Future<?> start() {
        own = context;
        acks = new Acks(spool, ledger, acker);
        dial = newDial();
        LeftAlone leftAlone = new LeftAlone();
        for (int slot = 0; slot < 2; slot++) {
            slots.add(new LinkSlot(slot, vertx, this, identity.agentAddresses(), identity.accessUrl(), leftAlone));
        }
        spool.onChange(this::schedulePlan);
        vertx.setPeriodic(0, TICK_MILLIS, tick -> tick());
        return Future.succeededFuture();
    }

    @Override
    public Future<?> stop() {
        stopping = true;
        spool.onChange(() -> {});
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
        Dial made = new Dial(vertx, LinkSettings.DEFAULT, identity.key(), identity.chain(), identity.trust());
        dials.add(made);
        return made;
    }

    private void tick() {
        if (identity.isExpired(Instant.now()) && slots.getFirst().state() == LinkSlot.State.IDLE) {
            renewOnAccess("it has ended").onComplete(tried -> dialSlots());
        } else {
            dialSlots();
        }
        renewOverLink();
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
                slots.stream().map(slot -> slot.status(slot == active)).toList();
        status = new UplinkStatus(links, lastAck, problem);
    }

    // ---- links

    /** Only one slot dials while none is up, or both might end at one gateway. */
    private void dialSlots() {
        if (stopping) {
            return;
        }
        LinkSlot first = slots.get(0);
        LinkSlot second = slots.get(1);
        if (first.state() == LinkSlot.State.UP) {
            boolean others = first.targets().others(first.gateway()) > 0;
            if (others || System.nanoTime() - secondAfter >= 0) {
                secondAfter = System.nanoTime() + SECOND_LINK.toNanos();
                second.dial();
            }
        } else if (second.state() != LinkSlot.State.DIALING) {
            first.reconsider();
            first.dial();
        }
    }

    @Override
    public Future<Frame> hello(int slot, Optional<Buffer> nonce) {
        Hello.Builder hello = Hello.newBuilder()
                .setMinor(0)
                .setAgentId(Ids.bytes(identity.agentId()))
                .setName(identity.name())
                .setVersion(version)
                .putAllLabels(labels())
                .setRun(run.number())
                .setRunId(Ids.bytes(run.id()))
                .setSlot(slot)
                .setCounter(++counter)
                .setBacklog(backlog());
        avoid(slot).ifPresent(hello::addAvoid);
        nonce.ifPresent(challenge -> hello.setCertificate(ByteString.copyFrom(Pem.der(identity.certificate())))
                .setSignature(ByteString.copyFrom(
                        Signatures.link(identity.key(), challenge).getBytes())));
        return Future.succeededFuture(Frame.of(
                FrameType.CONTROL, 0, Control.newBuilder().setHello(hello).build()));
    }

    private Map<String, String> labels() {
        Map<String, String> labels = new TreeMap<>(settings.labels());
        labels.putAll(identity.labels()); // those of the join token are the deployment's word
        return labels;
    }

    @Override
    public Dial dial() {
        return dial;
    }

    @Override
    public Optional<String> avoid(int slot) {
        LinkSlot other = slots.get(1 - slot);
        return other.state() == LinkSlot.State.UP ? Optional.of(other.gateway()) : Optional.empty();
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
        if (active == null) {
            activate(slot);
        }
        dialSlots();
        showStatus();
    }

    private void activate(LinkSlot slot) {
        active = slot;
        uplink = new Uplink(slot.end(), spool);
        slot.link().onDrain(this::schedulePlan);
        log.info("What is captured goes over link {} to gateway {}", slot.number, slot.gateway());
        plan();
    }

    @Override
    public void down(LinkSlot slot) {
        if (slot == active) {
            active = null;
            uplink = null;
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
                return renewOnAccess("the gateway says that it has ended");
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
        return failures % LinkSlot.SUSPICIOUS == 0 && identity.isToBeRenewed(Instant.now())
                ? renewOnAccess("gateways close links before they begin")
                : Future.succeededFuture();
    }

    @Override
    public Frame resources() {
        Resources.Builder resources = Resources.newBuilder();
        settings.resources()
                .forEach(resource -> resources.addResources(Resource.newBuilder()
                        .setName(resource.name())
                        .setKind(resource.kind())
                        .putAllLabels(resource.labels())
                        .setWeight(resource.weight())));
        return Frame.of(
                FrameType.CONTROL,
                0,
                Control.newBuilder().setResources(resources).build());
    }

    @Override
    public Heartbeat heartbeat() {
        return Heartbeat.newBuilder()
                .setTime(System.currentTimeMillis() * 1000)
                .setBacklog(backlog())
                .build();
    }

    private Backlog backlog() {
        Spool.State state = spool.state();
        return Backlog.newBuilder()
                .setBytes(state.bytes())
                .setChunks(state.chunks())
                .setRefusedBytes(state.refusedBytes())
                .build();
    }

    // ---- certificates

    private void renewOverLink() {
        boolean due = identity.isToBeRenewed(Instant.now()) && System.nanoTime() - renewAfter >= 0;
        if (!due || active == null || active.state() != LinkSlot.State.UP) {
            return;
        }
        renewAfter = System.nanoTime() + RENEWAL_PAUSE.toNanos();
        renewing = AgentKey.generate();
        active.link()
                .send(Control.newBuilder()
                        .setRenew(Renew.newBuilder()
                                .setCsr(ByteString.copyFrom(
                                        Csr.make(renewing, identity.name()).getBytes())))
                        .build());
    }

    private void renewed(Renewed answer) {
        if (answer.getCertificate().isEmpty() || renewing == null) {
            log.warn("Certificate not renewed: {}", answer.getDetail());
            return;
        }
        AgentKey key = renewing;
        renewing = null;
        try {
            List<X509Certificate> chain = new ArrayList<>();
            chain.add(Pem.certificate(answer.getCertificate().toByteArray()));
            for (ByteString issuer : answer.getChainList()) {
                chain.add(Pem.certificate(issuer.toByteArray()));
            }
            take(identity.renewed(key, chain));
        } catch (CertificateException e) {
            log.warn("Certificate not renewed: what came can't be read", e);
        }
    }

    private Future<Void> renewOnAccess(String why) {
        if (System.nanoTime() - renewAfter < 0) {
            return Future.succeededFuture();
        }
        renewAfter = System.nanoTime() + RENEWAL_PAUSE.toNanos();
        log.info("Renewing the certificate at {}: {}", identity.accessUrl(), why);
        Identity old = identity;
        return vertx.executeBlocking(() -> EnrolClient.renew(old))
                .compose(this::take)
                .recover(cause -> {
                    String text = cause instanceof EnrolException ? cause.getMessage() : cause.toString();
                    complain("the certificate can't be renewed: " + text);
                    return Future.succeededFuture();
                });
    }

    private Future<Void> take(Identity fresh) {
        return vertx.<Void>executeBlocking(() -> {
                    fresh.save(folder);
                    return null;
                })
                .onSuccess(saved -> {
                    identity = fresh;
                    dial = newDial();
                    log.info(
                            "New certificate until {}; links made from now on use it",
                            fresh.certificate().getNotAfter().toInstant());
                })
                .onFailure(cause -> log.error("New certificate can't be saved", cause));
    }

    public Identity identity() {
        return identity;
    }

    // ---- capture

    @Override
    public void received(LinkSlot slot, FromGateway frame) {
        if (frame instanceof FromGateway.Said said && said.control().getBodyCase() == Control.BodyCase.RENEWED) {
            renewed(said.control().getRenewed());
        }
        if (slot != active) {
            return;
        }
        switch (frame) {
            case FromGateway.Said said
            when said.control().getBodyCase() == Control.BodyCase.REWIND -> {
                log.info(
                        "Gateway {} rewinds: {}",
                        slot.gateway(),
                        said.control().getRewind().getReason());
                uplink.rewound(System.nanoTime());
                schedulePlan();
            }
            case FromGateway.StreamAnswered answered -> {
                perform(uplink.answered(answered.channel(), answered.opened(), System.nanoTime()));
                schedulePlan();
            }
            case FromGateway.Acked acked -> {
                perform(uplink.acked(acked.channel(), acked.ack()));
                schedulePlan();
            }
            case FromGateway.Raised raised -> schedulePlan();
            case FromGateway.Said said -> {}
            case FromGateway.Outdated outdated -> {}
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
        if (active != null && active.state() == LinkSlot.State.LEAVING && uplink.isSettled()) {
            active.settled(); // the other link takes over
        }
        if (active != null && active.state() == LinkSlot.State.UP) {
            perform(uplink.plan(
                    System.nanoTime(),
                    active.link().writable(Priority.EVENTS),
                    active.link().writable(Priority.BULK)));
        }
    }

    private void perform(List<Action> actions) {
        for (Action action : actions) {
            switch (action) {
                case Action.OpenStream open ->
                    active.link().send(Frame.of(FrameType.STREAM_OPEN, open.channel(), message(open)));
                case Action.Load load -> load(load);
                case Action.Acked acked -> {
                    lastAck = Optional.of(System.currentTimeMillis());
                    acks.acked(acked.stream(), acked.next());
                }
                case Action.Fork fork -> {
                    log.warn("Stream {} has other content at the gateway; it goes on as a new one", fork.stream());
                    acks.fork(
                            fork,
                            () -> own.runOnContext(turn -> {
                                if (uplink != null) {
                                    uplink.forked(fork.stream());
                                }
                                plan();
                            }));
                }
                case Action.Refused refused ->
                    complain("stream " + refused.stream() + " is refused: " + refused.detail());
            }
        }
    }

    private static StreamOpen message(Action.OpenStream open) {
        return StreamOpen.newBuilder()
                .setStreamId(Ids.bytes(open.stream().alias().id()))
                .setKind(open.stream().info().kind())
                .setSubject(open.stream().info().subject())
                .setMediaType(open.stream().info().mediaType())
                .setName(open.stream().info().name())
                .setFirst(open.first())
                .setOpenedAt(open.stream().info().openedAt())
                .build();
    }

    private void load(Action.Load load) {
        Uplink of = uplink;
        LinkSlot over = active;
        reader.execute(() -> {
            List<Optional<Buffer>> payloads = new ArrayList<>(load.count());
            for (int i = 0; i < load.count(); i++) {
                payloads.add(spool.read(load.stream(), load.from() + i));
            }
            own.runOnContext(turn -> {
                if (of != uplink || over != active) {
                    return; // the link has gone
                }
                for (int i = 0; i < payloads.size(); i++) {
                    if (of.loaded(load, load.from() + i, payloads.get(i))) {
                        over.link()
                                .send(
                                        new Frame(
                                                FrameType.CHUNK,
                                                load.channel(),
                                                payloads.get(i).get()),
                                        load.urgent() ? Priority.EVENTS : Priority.BULK);
                    }
                }
                of.loadDone(load);
                plan();
            });
        });
    }
}
