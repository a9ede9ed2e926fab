package dev.gatehouse.ingest.commit;

import dev.gatehouse.shared.retry.Backoff;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * When chunks are cut, uploaded and committed, and what follows when that fails: tried again for as long as it takes, under a new writer when the old one was closed, in smaller parts when the database refuses what is in them. Nothing
 * that was added is ever given up but what is refused alone; whoever adds must bound what is held.
 *
 * <p>A commit of unknown outcome is simply repeated, which drops what was stored. Pure: a {@link CommitOutput} carries out, and tells what came of it. Times are {@link System#nanoTime()} values. Confined to one thread.
 */
public final class CommitFlow {

    /** Between tries, for the store as for the database. */
    private static final Duration FIRST_RETRY = Duration.ofMillis(50);

    private static final Duration LAST_RETRY = Duration.ofSeconds(2);

    private enum State {
        RUNNING,
        /** Commits wait for the next try; cutting and uploading go on. */
        RETRYING,
        /** As RETRYING, until there is a new writer. */
        REOPENING,
        STOPPED
    }

    private final CommitLine line;
    private final CommitOutput output;
    private final LongSupplier clock;
    private final RandomGenerator random;
    private final Backoff backoff;
    private UUID writer;
    private State state = State.RUNNING;
    private boolean timed;

    public CommitFlow(
            CommitLimits limits, UUID writer, CommitOutput output, LongSupplier clock, RandomGenerator random) {
        this.line = new CommitLine(limits);
        this.writer = writer;
        this.output = output;
        this.clock = clock;
        this.random = random;
        this.backoff = backoff();
    }

    /** Adds a chunk; {@link #pump} must follow. */
    public void add(TakenChunk chunk) {
        line.add(chunk);
    }

    /** Starts whatever can be started now. */
    public void pump() {
        if (state == State.STOPPED) {
            return;
        }
        long now = clock.getAsLong();
        for (var cut = line.cut(now); cut.isPresent(); cut = line.cut(now)) {
            start(cut.get());
        }
        List<Cut> group = state == State.RUNNING ? line.commit() : List.of();
        if (!group.isEmpty()) {
            output.commit(new CommitOutput.Commit(writer, group));
        }
        long nanos = line.nanosToCut(now);
        if (!timed && nanos != Long.MAX_VALUE) {
            timed = true;
            output.after(nanos, () -> {
                timed = false;
                pump();
            });
        }
    }

    /** Bytes that are taken and not durable. */
    public long heldBytes() {
        return line.heldBytes();
    }

    /** For how many nanoseconds the oldest chunk that is not durable has waited. */
    public long oldestAge() {
        return line.oldestAt().map(at -> clock.getAsLong() - at).orElse(0L);
    }

    /** The writer under which objects are written now. */
    public UUID writer() {
        return writer;
    }

    /** Commits that have failed since the last one that succeeded. */
    public int failures() {
        return backoff.failures();
    }

    /** Lets go of everything at once, as a crash does. */
    public void stop() {
        state = State.STOPPED;
    }

    /** The store has taken the object. */
    public void uploaded(CommitOutput.Upload upload) {
        if (concerns(upload)) {
            line.uploaded(upload.cut());
            pump();
        }
    }

    /** The store has not taken the object, as far as is known. */
    public void uploadFailed(CommitOutput.Upload upload) {
        if (concerns(upload)) {
            pause(upload.tries(), () -> {
                if (concerns(upload)) {
                    output.upload(upload);
                }
            });
        }
    }

    /** The rows are durable, or were before. */
    public void committed(CommitOutput.Commit commit, List<StreamNext> streams) {
        if (state == State.STOPPED) {
            return;
        }
        backoff.succeeded();
        line.committed(commit.cuts());
        output.durable(streams);
        pump();
    }

    /** Nothing was written, as the writer is closed for ever: all that has no rows is laid out and uploaded under a new one. */
    public void writerClosed(CommitOutput.Commit commit) {
        if (state == State.STOPPED) {
            return;
        }
        line.failed(commit.cuts());
        state = State.REOPENING;
        output.openWriter();
    }

    /** Whether the rows were written is unknown, or they were not. */
    public void commitFailed(CommitOutput.Commit commit) {
        if (state == State.STOPPED) {
            return;
        }
        line.failed(commit.cuts());
        state = State.RETRYING;
        pause(backoff, () -> {
            if (state == State.RETRYING) {
                state = State.RUNNING;
                pump();
            }
        });
    }

    /** Nothing was written, nor ever will be, for what is in the rows. */
    public void commitRefused(CommitOutput.Commit commit, String reason) {
        if (state == State.STOPPED) {
            return;
        }
        CommitLine.Refused refused = line.refused(commit.cuts());
        refused.again().forEach(this::start);
        refused.left().ifPresent(chunks -> output.left(chunks, reason));
        pump();
    }

    public void writerOpened(UUID opened) {
        if (state == State.STOPPED) {
            return;
        }
        state = State.RUNNING;
        writer = opened;
        line.reopened().forEach(this::start);
        pump();
    }

    public void writerNotOpened() {
        pause(backoff, () -> {
            if (state == State.REOPENING) {
                output.openWriter();
            }
        });
    }

    private void start(Cut cut) {
        output.layOut(cut, writer);
        if (!cut.inline()) {
            output.upload(new CommitOutput.Upload(cut, writer, backoff()));
        }
    }

    /** An upload under an earlier writer concerns nobody: the cut was laid out and uploaded again. */
    private boolean concerns(CommitOutput.Upload upload) {
        return state != State.STOPPED && upload.writer().equals(writer);
    }

    private void pause(Backoff tries, Runnable action) {
        output.after(TimeUnit.MILLISECONDS.toNanos(tries.failedMillis()), action);
    }

    private Backoff backoff() {
        return new Backoff(FIRST_RETRY, LAST_RETRY, random);
    }
}
