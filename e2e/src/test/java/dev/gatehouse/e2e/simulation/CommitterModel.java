package dev.gatehouse.e2e.simulation;

import static dev.gatehouse.e2e.simulation.Clock.MILLI;
import static dev.gatehouse.e2e.simulation.Clock.SECOND;

import dev.gatehouse.ingest.commit.CommitLimits;
import dev.gatehouse.ingest.commit.CommitLine;
import dev.gatehouse.ingest.commit.Cut;
import dev.gatehouse.ingest.commit.TakenChunk;
import dev.gatehouse.shared.segment.SegmentHead;
import java.util.List;
import java.util.UUID;

/** The real {@link CommitLine} carried out against a {@link Database} that may be slow, away, or silent about what it did: {@code Committer} without Vert.x. */
final class CommitterModel {

    private static final CommitLimits LIMITS = new CommitLimits(4 << 10, 32 << 10, 2);

    private enum State {
        RUNNING,
        RETRYING,
        REOPENING
    }

    private final World world;
    private final Clock clock;
    private final WorkerNode worker;
    private final CommitLine line = new CommitLine(LIMITS);
    private UUID writer;
    private State state = State.RUNNING;
    private boolean timed;

    CommitterModel(World world, WorkerNode worker) {
        this.world = world;
        this.clock = world.clock;
        this.worker = worker;
        this.writer = clock.id();
    }

    UUID writer() {
        return writer;
    }

    void add(TakenChunk chunk) {
        line.add(chunk);
    }

    long heldBytes() {
        return line.heldBytes();
    }

    long oldestAge() {
        return line.oldestAt().map(at -> clock.now() - at).orElse(0L);
    }

    void pump() {
        for (var cut = line.cut(clock.now()); cut.isPresent(); cut = line.cut(clock.now())) {
            layOut(cut.get());
        }
        commitNext();
        long nanos = line.nanosToCut(clock.now());
        if (!timed && nanos != Long.MAX_VALUE) {
            timed = true;
            worker.later(Math.max(MILLI, nanos), () -> {
                timed = false;
                pump();
            });
        }
    }

    private void layOut(Cut cut) {
        cut.layOut(new SegmentHead(writer, clock.id(), 0));
        if (!cut.inline()) {
            upload(cut, writer);
        }
    }

    private void upload(Cut cut, UUID under) {
        if (!under.equals(writer)) {
            return;
        }
        String key = cut.objectKey();
        boolean stored = !clock.chance(world.storeFails);
        boolean heard = stored && !clock.chance(world.storeFails / 2);
        long slow = clock.between(MILLI, world.storeFails > 0 ? 3 * SECOND : 100 * MILLI);
        if (stored) {
            clock.after(slow / 2, () -> world.database.put(key));
        }
        worker.later(slow, () -> {
            if (!under.equals(writer)) {
                return;
            }
            if (heard) {
                line.uploaded(cut);
                pump();
            } else {
                worker.later(pause(), () -> upload(cut, under));
            }
        });
    }

    private void commitNext() {
        List<Cut> group = state == State.RUNNING ? line.commit() : List.of();
        if (group.isEmpty()) {
            return;
        }
        UUID under = writer;
        boolean done = !world.databaseAway();
        boolean heard = done && !clock.chance(world.unknown);
        long reached = clock.between(0, 20 * MILLI);
        long answered = reached + clock.between(0, 20 * MILLI);
        if (done && !heard) {
            world.unknowns++;
            reached = clock.chance(0.3) ? clock.between(0, 500 * MILLI) : reached; // perhaps even after the next try
            clock.after(reached, () -> world.database.commit(under, group));
        }
        if (!heard) {
            worker.later(answered, () -> failed(group));
            return;
        }
        Database.Outcome[] outcome = new Database.Outcome[1];
        clock.after(reached, () -> outcome[0] = world.database.commit(under, group)); // also if the worker has died
        worker.later(answered, () -> committed(group, outcome[0]));
    }

    private void failed(List<Cut> group) {
        line.failed(group);
        state = State.RETRYING;
        worker.later(pause(), () -> {
            if (state == State.RETRYING) {
                state = State.RUNNING;
                pump();
            }
        });
    }

    private void committed(List<Cut> group, Database.Outcome outcome) {
        if (outcome.streams().isEmpty()) {
            line.failed(group);
            clock.trace("%s: its writer is closed", worker);
            reopen();
            return;
        }
        line.committed(group);
        worker.committed(outcome.streams().get());
        pump();
    }

    private void reopen() {
        state = State.REOPENING;
        worker.later(pause(), () -> {
            if (world.databaseAway()) {
                reopen();
                return;
            }
            state = State.RUNNING;
            writer = clock.id();
            line.reopened().forEach(this::layOut);
            pump();
        });
    }

    private long pause() {
        return clock.between(25 * MILLI, 2 * SECOND);
    }
}
