package dev.gatehouse.e2e.simulation;

import static dev.gatehouse.e2e.simulation.Clock.MILLI;
import static dev.gatehouse.e2e.simulation.Clock.SECOND;

import dev.gatehouse.agent.spool.SteppedSpool;
import dev.gatehouse.agent.uplink.Action;
import dev.gatehouse.agent.uplink.Uplink;
import dev.gatehouse.protocol.link.AgentEnd;
import dev.gatehouse.protocol.link.FromGateway;
import dev.gatehouse.protocol.message.Control;
import dev.gatehouse.protocol.message.StreamOpen;
import dev.gatehouse.protocol.wire.Frame;
import dev.gatehouse.protocol.wire.FrameType;
import dev.gatehouse.protocol.wire.Ids;
import dev.gatehouse.protocol.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/** An agent: the real spool index, uplink and link end over a disk that may lose what was not forced; the verticle around them is modelled. */
final class AgentNode extends Actor {

    private final World world;
    final UUID agentId;
    private final Disk disk;
    private Map<Integer, byte[]> backup = new TreeMap<>();
    private Set<Long> promisedAtBackup = Set.of();
    SteppedSpool spool;
    private Sources sources;
    private List<Long> waiting = new ArrayList<>();
    private boolean writePlanned;
    private long readAt;
    Wire wire;
    private AgentEnd end;
    private Uplink uplink;

    AgentNode(World world, String id) {
        super(world.clock, id);
        this.world = world;
        this.agentId = clock.id();
        this.disk = new Disk(clock);
    }

    @Override
    void started() {
        spool = SteppedSpool.open(disk);
        Clock.require(
                spool.lostChunks() == 0 || world.truth.losers.contains(agentId),
                "the spool of %s has lost %d chunks",
                this,
                spool.lostChunks());
        sources = new Sources(world, spool);
        waiting = new ArrayList<>();
        writePlanned = false;
        later(MILLI, this::capture);
        every(SECOND, () -> {
            spool.saveAcks();
            changed();
        });
        dial();
    }

    @Override
    void crashed() {
        if (spool.isWriting() && clock.chance(0.5)) {
            disk.dying(true);
            spool.write();
            disk.dying(false);
        }
        if (clock.chance(0.5)) {
            clock.trace("%s has lost power", this);
            disk.powerCut();
        }
        if (wire != null) {
            wire.cut();
        }
        wire = null;
        uplink = null;
    }

    void backUp() {
        backup = disk.copy();
        promisedAtBackup = world.truth.promisedBy(agentId);
    }

    /** While it is down: the disk is replaced by its backup. */
    void restoreBackup() {
        clock.trace("the disk of %s is replaced by an older copy", this);
        world.truth.restored(agentId, promisedAtBackup);
        disk.restore(backup);
    }

    // Capturing ------------------------------------------------------------------------------------------------------

    private void capture() {
        if (world.capturing) {
            waiting.addAll(sources.capture());
            changed();
            later(clock.between(MILLI, 500 * MILLI), this::capture);
        }
    }

    /** The spool or the link has changed. */
    private void changed() {
        if (spool.isDirty() && !spool.isWriting() && !writePlanned) {
            writePlanned = true;
            later(clock.between(0, 5 * MILLI), () -> {
                spool.take();
                List<Long> contents = waiting;
                waiting = new ArrayList<>();
                later(clock.between(0, 50 * MILLI), () -> {
                    spool.write();
                    contents.forEach(content -> world.truth.promised(agentId, content));
                    spool.synced();
                    writePlanned = false;
                    changed();
                });
            });
        }
        plan();
    }

    // Its link -------------------------------------------------------------------------------------------------------

    private void dial() {
        later(clock.between(10 * MILLI, 2 * SECOND), () -> {
            GatewayNode gateway = world.gateways.get(clock.random.nextInt(world.gateways.size()));
            if (!gateway.isUp()) {
                dial();
                return;
            }
            wire = new Wire(clock, this, gateway);
            gateway.connected(wire);
            clock.trace("%s dials %s", this, gateway);
            end = new AgentEnd(false);
            end.helloSent();
            wire.toGateway(Frame.of(FrameType.CONTROL, 0, Control.getDefaultInstance())); // stands for HELLO
        });
    }

    void down(Wire gone) {
        if (wire == gone) {
            clock.trace("%s: its link is down", this);
            wire = null;
            uplink = null;
            end.closed();
            dial();
        }
    }

    void received(Wire from, Frame frame) {
        if (wire != from) {
            return;
        }
        try {
            FromGateway meaning = end.received(frame);
            clock.trace("%s hears %s", this, meaning.toString().replace('\n', ' '));
            switch (meaning) {
                case FromGateway.Said said when said.control().hasRewind() -> uplink.rewound(clock.now());
                case FromGateway.Said said -> uplink = new Uplink(end, spool); // WELCOME
                case FromGateway.StreamAnswered answered ->
                    perform(uplink.answered(answered.channel(), answered.opened(), clock.now()));
                case FromGateway.Acked acked -> perform(uplink.acked(acked.channel(), acked.ack()));
                case FromGateway.Raised raised -> {}
                case FromGateway.OfTunnel tunnel -> throw new IllegalStateException("no tunnels here");
                case FromGateway.Outdated outdated -> {}
            }
        } catch (ProtocolException e) {
            throw new Clock.Violation("the gateway breaks the protocol: " + e.getMessage());
        }
        changed();
    }

    private void plan() {
        if (uplink != null) {
            perform(uplink.plan(clock.now(), !clock.chance(0.02), !clock.chance(0.1)));
        }
    }

    private void perform(List<Action> actions) {
        for (Action action : actions) {
            clock.trace("%s: %s", this, action);
            switch (action) {
                case Action.OpenStream open ->
                    wire.toGateway(Frame.of(FrameType.STREAM_OPEN, open.channel(), message(open)));
                case Action.Load load -> {
                    Uplink of = uplink;
                    readAt = Math.max(readAt, clock.now() + clock.between(0, 5 * MILLI)); // by one thread
                    later(readAt - clock.now(), () -> loaded(load, of));
                }
                case Action.Acked acked -> {
                    world.truth.acked(agentId, spool, acked.stream(), acked.next(), world.database);
                    spool.acked(acked.stream(), acked.next());
                }
                case Action.Fork fork -> {
                    world.forks++;
                    fork(fork.stream(), uplink);
                }
                case Action.Refused refused ->
                    Clock.require(
                            refused.detail().startsWith("the database refuses it"), "refused: %s", refused.detail());
            }
        }
    }

    private static StreamOpen message(Action.OpenStream open) {
        return StreamOpen.newBuilder()
                .setStreamId(Ids.bytes(open.stream().alias().id()))
                .setKind(open.stream().info().kind())
                .setFirst(open.first())
                .build();
    }

    private void loaded(Action.Load load, Uplink of) {
        if (of != uplink) {
            return;
        }
        for (long number = load.from(); number < load.from() + load.count(); number++) {
            Optional<Buffer> payload = spool.read(load.stream(), number);
            if (of.loaded(load, number, payload)) {
                wire.toGateway(new Frame(FrameType.CHUNK, load.channel(), payload.orElseThrow()));
            }
        }
        of.loadDone(load);
        changed();
    }

    /** As {@code Spool.fork}: once everything is forced, and it counts once that is forced too. */
    private void fork(UUID stream, Uplink of) {
        if (spool.isDirty()) {
            later(MILLI, () -> fork(stream, of));
            return;
        }
        spool.stream(stream).ifPresent(view -> spool.fork(stream, clock.id()));
        changed();
        forked(stream, of);
    }

    private void forked(UUID stream, Uplink of) {
        if (spool.isDirty()) {
            later(MILLI, () -> forked(stream, of));
        } else if (of == uplink) {
            of.forked(stream);
            changed();
        }
    }

    boolean isSettled() {
        return isUp() && !spool.isDirty() && spool.streams().stream().allMatch(view -> view.acked() >= view.next());
    }
}
