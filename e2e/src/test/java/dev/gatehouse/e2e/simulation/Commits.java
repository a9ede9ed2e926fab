package dev.gatehouse.e2e.simulation;

import static dev.gatehouse.e2e.simulation.Clock.MILLI;
import static dev.gatehouse.e2e.simulation.Clock.SECOND;

import dev.gatehouse.ingest.commit.CommitFlow;
import dev.gatehouse.ingest.commit.CommitLimits;
import dev.gatehouse.ingest.commit.CommitOutput;
import dev.gatehouse.ingest.commit.Cut;
import dev.gatehouse.ingest.commit.StreamNext;
import dev.gatehouse.shared.segment.SegmentHead;
import java.util.List;
import java.util.UUID;

/** What a worker's real {@link CommitFlow} wants done, against a {@link Database} that may be slow, away, or silent about what it did. */
final class Commits implements CommitOutput {

    private static final CommitLimits LIMITS = new CommitLimits(4 << 10, 32 << 10, 2);

    private final World world;
    private final Clock clock;
    private final WorkerNode worker;
    final CommitFlow flow;

    Commits(World world, WorkerNode worker) {
        this.world = world;
        this.clock = world.clock;
        this.worker = worker;
        this.flow = new CommitFlow(LIMITS, clock.id(), this, clock::now, clock.random);
    }

    @Override
    public void layOut(Cut cut, UUID writer) {
        cut.layOut(new SegmentHead(writer, clock.id(), 0));
    }

    @Override
    public void upload(Upload upload) {
        String key = upload.cut().objectKey();
        boolean stored = !clock.chance(world.storeFails);
        boolean heard = stored && !clock.chance(world.storeFails / 2);
        long slow = clock.between(MILLI, world.storeFails > 0 ? 3 * SECOND : 100 * MILLI);
        if (stored) {
            clock.after(slow / 2, () -> world.database.put(key));
        }
        worker.later(slow, () -> {
            if (heard) {
                flow.uploaded(upload);
            } else {
                flow.uploadFailed(upload);
            }
        });
    }

    @Override
    public void commit(Commit commit) {
        boolean done = !world.databaseAway();
        boolean heard = done && !clock.chance(world.unknown);
        long reached = clock.between(0, 20 * MILLI);
        long answered = reached + clock.between(0, 20 * MILLI);
        if (done && !heard) {
            world.unknowns++;
            reached = clock.chance(0.3) ? clock.between(0, 500 * MILLI) : reached; // perhaps even after the next try
            clock.after(reached, () -> world.database.commit(commit.writer(), commit.cuts()));
        }
        if (!heard) {
            worker.later(answered, () -> flow.commitFailed(commit));
            return;
        }
        Database.Outcome[] outcome = new Database.Outcome[1];
        clock.after( // also if the worker has died
                reached, () -> outcome[0] = world.database.commit(commit.writer(), commit.cuts()));
        worker.later(answered, () -> answered(commit, outcome[0]));
    }

    private void answered(Commit commit, Database.Outcome outcome) {
        switch (outcome) {
            case Database.Outcome.Done done -> flow.committed(commit, done.streams());
            case Database.Outcome.WriterClosed closed -> {
                clock.trace("%s: its writer is closed", worker);
                flow.writerClosed(commit);
            }
            case Database.Outcome.Refused refused -> {
                world.refusals++;
                flow.commitRefused(commit, "stream " + refused.stream() + " is not wanted");
            }
        }
    }

    @Override
    public void openWriter() {
        worker.later(clock.between(0, 40 * MILLI), () -> {
            if (world.databaseAway()) {
                flow.writerNotOpened();
            } else {
                flow.writerOpened(clock.id());
            }
        });
    }

    @Override
    public void durable(List<StreamNext> streams) {
        worker.committed(streams);
    }

    @Override
    public void left(Cut chunks, String reason) {
        clock.trace("%s: %s leaves, %s", worker, chunks, reason);
        worker.refused(chunks, reason);
    }

    @Override
    public void after(long nanos, Runnable action) {
        worker.later(Math.max(MILLI, nanos), action);
    }
}
