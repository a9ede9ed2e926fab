package dev.gatehouse.e2e.simulation;

import static dev.gatehouse.e2e.simulation.Clock.MILLI;
import static dev.gatehouse.e2e.simulation.Clock.SECOND;
import static dev.gatehouse.e2e.simulation.Clock.require;

import dev.gatehouse.gateway.forward.CaptureBudget;
import dev.gatehouse.gateway.forward.Forwarder;
import dev.gatehouse.gateway.forward.LinkOutput;
import dev.gatehouse.gateway.forward.WorkerOutput;
import dev.gatehouse.protocol.message.Control;
import dev.gatehouse.protocol.message.Rewind;
import dev.gatehouse.protocol.message.StreamOpen;
import dev.gatehouse.protocol.message.StreamOpened;
import dev.gatehouse.protocol.message.Welcome;
import dev.gatehouse.protocol.stream.Ack;
import dev.gatehouse.protocol.wire.Frame;
import dev.gatehouse.protocol.wire.FrameType;
import dev.gatehouse.protocol.wire.Ids;
import dev.gatehouse.protocol.wire.ProtocolException;
import dev.gatehouse.shared.bus.ChunkBatch;
import dev.gatehouse.shared.bus.Progress;
import dev.gatehouse.shared.bus.StreamOpening;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A gateway: the real {@link Forwarder} with its windows and budget; links and bus around it are modelled. Keeps nothing when it dies. */
final class GatewayNode extends Actor implements WorkerOutput {

    private static final long BUDGET = 1 << 20;
    private static final long WINDOW = 256 << 10;

    private final World world;
    private final Set<Wire> connections = new LinkedHashSet<>();
    private final Set<Wire> wires = new LinkedHashSet<>(); // those that are welcomed
    private CaptureBudget budget;
    private Forwarder forwarder;
    private boolean flushPlanned;

    GatewayNode(World world, String id) {
        super(world.clock, id);
        this.world = world;
    }

    @Override
    void started() {
        budget = new CaptureBudget(BUDGET);
        forwarder = new Forwarder(
                id,
                0,
                clock.now(),
                new Forwarder.Limits(budget, WINDOW),
                this,
                clock.random,
                lag -> require(lag >= 0, "lag %d", lag));
        flushPlanned = false;
        every(Forwarder.TICK.toNanos(), () -> forwarder.tick(clock.now()));
        membersChanged();
    }

    @Override
    void crashed() {
        connections.forEach(Wire::cut);
        connections.clear();
        wires.clear();
    }

    void membersChanged() {
        later(clock.between(0, 2 * SECOND), () -> {
            forwarder.workers(List.copyOf(world.members), clock.now());
            turn();
        });
    }

    private void turn() {
        if (!flushPlanned) {
            flushPlanned = true;
            later(clock.between(0, MILLI), () -> {
                flushPlanned = false;
                forwarder.flush(clock.now());
            });
        }
    }

    // Links ----------------------------------------------------------------------------------------------------------

    void connected(Wire wire) {
        connections.add(wire);
    }

    void received(Wire wire, Frame frame) {
        try {
            switch (frame.type()) {
                case CONTROL -> welcome(wire);
                case STREAM_OPEN -> {
                    StreamOpen open = StreamOpen.parseFrom(frame.payload().getBytes());
                    forwarder.open(
                            wire.streams,
                            frame.channel(),
                            Ids.uuid("stream_id", open.getStreamId()),
                            frame.payload(),
                            clock.now());
                }
                case CHUNK -> forwarder.chunk(wire.streams, frame.channel(), frame.payload(), clock.now());
                default -> throw new IllegalStateException(frame.type().toString());
            }
        } catch (ProtocolException | com.google.protobuf.InvalidProtocolBufferException e) {
            throw new Clock.Violation("the agent breaks the protocol: " + e.getMessage());
        }
        turn();
    }

    private void welcome(Wire wire) {
        for (Wire older : new ArrayList<>(wires)) {
            if (older.agent == wire.agent) {
                older.cut();
                ended(older);
            }
        }
        wires.add(wire);
        wire.streams = forwarder.link(wire.agent.agentId, new ToLink(wire));
        wire.limit = wire.streams.captureLimit();
        wire.toAgent(Frame.of(
                FrameType.CONTROL,
                0,
                Control.newBuilder()
                        .setWelcome(Welcome.newBuilder().setCaptureLimit(wire.limit))
                        .build()));
    }

    void ended(Wire wire) {
        connections.remove(wire);
        if (wires.remove(wire)) {
            forwarder.unlink(wire.streams);
            turn();
        }
    }

    private final class ToLink implements LinkOutput {

        private final Wire wire;

        ToLink(Wire wire) {
            this.wire = wire;
        }

        @Override
        public void opened(int channel, StreamOpened answer) {
            wire.toAgent(Frame.of(FrameType.STREAM_OPENED, channel, answer));
        }

        @Override
        public void ack(int channel, Ack ack) {
            require(ack.limit() >= wire.limit, "limit %d after %d", ack.limit(), wire.limit);
            wire.limit = ack.limit();
            wire.toAgent(new Frame(FrameType.ACK, channel, ack.encode()));
        }

        @Override
        public void flush() {
            // frames go one by one
        }

        @Override
        public void rewind(String reason) {
            world.rewinds++;
            clock.trace("%s rewinds the link of %s: %s", GatewayNode.this, wire.agent, reason);
            wire.toAgent(Frame.of(
                    FrameType.CONTROL,
                    0,
                    Control.newBuilder()
                            .setRewind(Rewind.newBuilder().setReason(reason))
                            .build()));
        }
    }

    // Workers --------------------------------------------------------------------------------------------------------

    @Override
    public void open(String worker, long request, StreamOpening opening) {
        long epoch = opening.sender().epoch();
        world.bus.request(
                this,
                worker,
                to -> to.open(this, epoch, request, opening),
                () -> forwarder.openFailed(worker, epoch, request, clock.now()));
    }

    @Override
    public void send(String worker, ChunkBatch batch) {
        long epoch = batch.sender().epoch();
        clock.trace("%s sends batch %d of %d to %s", this, batch.number(), epoch, worker);
        world.bus.request(
                this,
                worker,
                to -> to.batch(this, batch),
                () -> forwarder.sendFailed(worker, epoch, batch.number(), clock.now()));
    }

    void answered(String worker, ChunkBatch batch, ChunkBatch.Reply reply) {
        forwarder.answered(worker, batch.sender().epoch(), batch.number(), reply, clock.now());
        turn();
    }

    void opened(String worker, long epoch, long request, StreamOpened answer) {
        forwarder.opened(worker, epoch, request, answer, clock.now());
        turn();
    }

    void openFailed(String worker, long epoch, long request) {
        forwarder.openFailed(worker, epoch, request, clock.now());
        turn();
    }

    void moved(String worker, long epoch) {
        forwarder.moved(worker, epoch, clock.now());
        turn();
    }

    void progress(Progress progress) {
        clock.trace("%s learns from %s", this, progress);
        forwarder.progress(progress, clock.now());
        turn();
    }

    // Looking --------------------------------------------------------------------------------------------------------

    void check() {
        require(
                budget == null || (budget.used() >= 0 && budget.used() <= BUDGET && forwarder.unacceptedBytes() >= 0),
                "%s: budget or credit is wrong",
                this);
    }

    boolean isSettled() {
        return isUp() && forwarder.unacceptedBytes() == 0 && forwarder.batchesInFlight() == 0 && lag() == 0;
    }

    String standing() {
        return "%s: %d unaccepted, %d in flight, %d ns behind, links %s"
                .formatted(
                        id,
                        forwarder.unacceptedBytes(),
                        forwarder.batchesInFlight(),
                        lag(),
                        wires.stream().map(wire -> wire.agent.id).toList());
    }

    private long lag() {
        return forwarder.lagNanos(clock.now());
    }

    /** All links end: then nothing of the budget may be used. */
    void checkBase() {
        List.copyOf(wires).forEach(this::ended);
        require(budget.used() == 0, "%s: %d bytes of the budget are never given back", this, budget.used());
    }
}
