package dev.gatehouse.e2e.simulation;

import static dev.gatehouse.e2e.simulation.Clock.SECOND;
import static dev.gatehouse.e2e.simulation.Clock.require;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.gatehouse.ingest.commit.CommitFlow;
import dev.gatehouse.ingest.commit.Cut;
import dev.gatehouse.ingest.commit.StreamNext;
import dev.gatehouse.ingest.commit.TakenChunk;
import dev.gatehouse.ingest.intake.Intake;
import dev.gatehouse.ingest.intake.IntakeOutput;
import dev.gatehouse.ingest.intake.Openings;
import dev.gatehouse.protocol.message.StreamOpen;
import dev.gatehouse.protocol.message.StreamOpened;
import dev.gatehouse.protocol.stream.Chunk;
import dev.gatehouse.protocol.wire.Ids;
import dev.gatehouse.protocol.wire.ProtocolException;
import dev.gatehouse.shared.bus.ChunkBatch;
import dev.gatehouse.shared.bus.Progress;
import dev.gatehouse.shared.bus.StreamOpening;
import java.util.List;
import java.util.UUID;

/** An ingest-worker: the real {@link Intake}, and the real {@link CommitFlow} and {@link Openings}. Keeps nothing when it dies. */
final class WorkerNode extends Actor implements IntakeOutput {

    private static final long BUDGET = 4 << 20;
    private static final long STALLED = 30 * SECOND;

    private final World world;
    private Intake intake;
    private Openings openings;
    CommitFlow committer;

    WorkerNode(World world, String id) {
        super(world.clock, id);
        this.world = world;
    }

    @Override
    void started() {
        intake = new Intake(new Intake.Limits(BUDGET, 10_000), this);
        openings = new Registers(world, this, intake).openings;
        committer = new Commits(world, this).flow;
        every(SECOND, () -> {
            intake.tick(clock.now());
            tell();
            openings.retry();
        });
        world.join(this);
    }

    @Override
    void crashed() {
        world.leaves(this);
    }

    /** Answers MOVED from now on; ends once all that it took is durable. */
    void leave() {
        clock.trace("%s leaves", this);
        intake.leave();
        openings.refuseAll();
        every(SECOND / 10, () -> {
            if (committer.heldBytes() == 0) {
                crash();
                world.restart(this);
            }
        });
    }

    void batch(GatewayNode from, ChunkBatch batch) {
        boolean stalled = committer.oldestAge() > STALLED;
        ChunkBatch.Reply reply = clock.chance(world.busy)
                ? ChunkBatch.Reply.BUSY
                : intake.batch(batch, committer.heldBytes(), stalled, clock.now());
        committer.pump();
        reply(from, () -> from.answered(id, batch, reply));
    }

    void open(GatewayNode from, long epoch, long request, StreamOpening opening) {
        Openings.Answer answer = new Openings.Answer() {
            @Override
            public void opened(StreamOpened opened) {
                reply(from, () -> from.opened(id, epoch, request, opened));
            }

            @Override
            public void later(String why) {
                reply(from, () -> from.openFailed(id, epoch, request));
            }

            @Override
            public void moved() {
                reply(from, () -> from.moved(id, epoch));
            }
        };
        try {
            StreamOpen open = StreamOpen.parseFrom(opening.open().getBytes());
            openings.add(opening, open, Ids.uuid("stream_id", open.getStreamId()), answer);
        } catch (InvalidProtocolBufferException | ProtocolException e) {
            throw new IllegalStateException(e);
        }
    }

    private void reply(GatewayNode to, Runnable arrival) {
        world.bus.tell(id, to, to.life(), arrival);
    }

    @Override
    public void taken(TakenChunk chunk) {
        committer.add(chunk);
    }

    @Override
    public void compare(UUID stream, long sequence, int crc) {
        later(
                clock.between(0, SECOND),
                () -> world.database
                        .chunk(stream, sequence)
                        .ifPresent(stored -> intake.stored(stream, Chunk.crc(stored), crc)));
    }

    void committed(List<StreamNext> streams) {
        streams.forEach(intake::committed);
        tell();
        openings.retry();
    }

    void refused(Cut chunks, String reason) {
        intake.refused(chunks, reason, clock.now());
        tell();
        openings.retry();
    }

    private void tell() {
        intake.progress()
                .forEach((gateway, items) -> world.gateways.stream()
                        .filter(node -> node.id.equals(gateway))
                        .forEach(node -> reply(node, () -> node.progress(new Progress(id, items)))));
    }

    void check() {
        require(committer == null || committer.heldBytes() >= 0, "%s: negative bytes held", this);
    }

    boolean isSettled() {
        return isUp() && committer.heldBytes() == 0;
    }
}
