package dev.gatehouse.ingest.commit;

import dev.gatehouse.ingest.orphan.WriterRow;
import dev.gatehouse.shared.segment.NewId;
import dev.gatehouse.shared.segment.SegmentHead;
import dev.gatehouse.shared.store.ObjectStore;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out what its {@link CommitLine} decides: uploads objects, writes rows, tries again for as long as it takes. Nothing that was added is ever given up; whoever adds must bound what is held.
 *
 * <p>A statement is never cancelled: when its outcome is unknown it is run again, which drops what was stored. Confined to its context; futures of the store and the database complete there.
 */
public final class Committer {

    private static final Logger log = LoggerFactory.getLogger(Committer.class);

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

    /** What a committer stands on. */
    public record Parts(
            Vertx vertx, String node, Pool postgres, ObjectStore store, CommitLimits limits, KillPoint.Hook hook) {}

    /** Learns what has become durable, on the committer's context. */
    @FunctionalInterface
    public interface Listener {

        void committed(List<StreamNext> streams);
    }

    private final Parts parts;
    private final WriterRow writers;
    private final CommitLine line;
    private final CommitMeters meters;
    private final RecentEvents recent;
    private final Listener listener;
    private final Backoff backoff = new Backoff(FIRST_RETRY, LAST_RETRY);
    private UUID writer;
    private long timer = -1;
    private State state = State.RUNNING;
    private Promise<Void> drained;

    /** Made on the context to which it is confined. */
    public Committer(Parts parts, UUID writer, CommitMeters meters, RecentEvents recent, Listener listener) {
        this.parts = parts;
        this.writers = new WriterRow(parts.postgres());
        this.writer = writer;
        this.line = new CommitLine(parts.limits());
        this.meters = meters;
        this.recent = recent;
        this.listener = listener;
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
        long now = System.nanoTime();
        for (var cut = line.cut(now); cut.isPresent(); cut = line.cut(now)) {
            layOut(cut.get());
            if (!cut.get().inline()) {
                upload(cut.get(), writer, new Backoff(FIRST_RETRY, LAST_RETRY));
            }
        }
        commitNext();
        armTimer(line.nanosToCut(now));
    }

    /** Bytes that are taken and not durable. */
    public long heldBytes() {
        return line.heldBytes();
    }

    /** For how long the oldest chunk that is not durable has waited. */
    public Duration oldestAge() {
        return line.oldestAt()
                .map(at -> Duration.ofNanos(System.nanoTime() - at))
                .orElse(Duration.ZERO);
    }

    /** The writer under which objects are written now. */
    public UUID writer() {
        return writer;
    }

    /** Completes once all that was added is durable. */
    public Future<Void> drain() {
        drained = Promise.promise();
        pump();
        tellDrained();
        return drained.future();
    }

    /** Lets go of everything at once, as a crash does. */
    public void stop() {
        state = State.STOPPED;
        parts.vertx().cancelTimer(timer);
    }

    private void layOut(Cut cut) {
        cut.layOut(new SegmentHead(writer, NewId.now(), System.currentTimeMillis() * 1000));
    }

    private void upload(Cut cut, UUID under, Backoff tries) {
        if (state == State.STOPPED || !under.equals(writer)) {
            return; // laid out and uploaded again under the new writer
        }
        at(KillPoint.BEFORE_PUT);
        parts.store().put(cut.objectKey(), cut.object()).onComplete(put -> {
            if (state == State.STOPPED || !under.equals(writer)) {
                return;
            }
            if (put.succeeded()) {
                at(KillPoint.AFTER_PUT);
                if (tries.failures() > 0) {
                    log.info("Store took {} after {} failures", cut, tries.failures());
                }
                line.uploaded(cut);
                pump();
            } else {
                if (tries.failures() == 0) {
                    log.warn("Store did not take {}; trying again until it does", cut, put.cause());
                }
                meters.storeFailed();
                parts.vertx().setTimer(tries.failedMillis(), again -> upload(cut, under, tries));
            }
        });
    }

    private void commitNext() {
        List<Cut> group = state == State.RUNNING ? line.commit() : List.of();
        if (group.isEmpty()) {
            return;
        }
        at(KillPoint.BEFORE_COMMIT);
        long startedAt = System.nanoTime();
        Future<CommitRows.Outcome> written;
        try {
            written = CommitRows.of(writer, group).write(parts.postgres());
        } catch (RuntimeException e) {
            written = Future.failedFuture(e);
        }
        written.onComplete(outcome -> {
            if (state == State.STOPPED) {
                return;
            }
            if (outcome.failed()) {
                retryCommit(group, outcome.cause());
            } else if (outcome.result().writerClosed()) {
                line.failed(group);
                log.warn("Writer {} was closed; going on under a new one", writer);
                reopen();
            } else {
                at(KillPoint.AFTER_COMMIT);
                committed(group, outcome.result(), startedAt);
            }
        });
    }

    private void committed(List<Cut> group, CommitRows.Outcome outcome, long startedAt) {
        if (backoff.failures() > 0) {
            log.info("Database commits again after {} failures", backoff.failures());
        }
        backoff.succeeded();
        line.committed(group);
        meters.committed(group, outcome.stored(), startedAt);
        long sent = group.stream().mapToLong(cut -> cut.chunks().size()).sum();
        if (sent == outcome.stored()) {
            recent.add(group);
        }
        at(KillPoint.BEFORE_PROGRESS);
        listener.committed(outcome.streams());
        at(KillPoint.AFTER_PROGRESS);
        pump();
        tellDrained();
    }

    private void retryCommit(List<Cut> group, Throwable cause) {
        line.failed(group);
        if (backoff.failures() == 0) {
            log.warn("Commit of {} failed or its outcome is unknown; trying again until it is known", group, cause);
        }
        meters.commitFailed();
        state = State.RETRYING;
        parts.vertx().setTimer(backoff.failedMillis(), again -> {
            if (state == State.RETRYING) {
                state = State.RUNNING;
                pump();
            }
        });
    }

    /** The line stays as it is until a new writer is there; then all that has no rows is laid out and uploaded under it. */
    private void reopen() {
        state = State.REOPENING;
        writers.open(parts.node()).onComplete(opened -> {
            if (state == State.STOPPED) {
                return;
            }
            if (opened.failed()) {
                parts.vertx().setTimer(backoff.failedMillis(), again -> reopen());
                return;
            }
            state = State.RUNNING;
            writer = opened.result();
            for (Cut cut : line.reopened()) {
                layOut(cut);
                if (!cut.inline()) {
                    upload(cut, writer, new Backoff(FIRST_RETRY, LAST_RETRY));
                }
            }
            pump();
        });
    }

    private void armTimer(long nanos) {
        if (timer >= 0 || nanos == Long.MAX_VALUE) {
            return;
        }
        timer = parts.vertx().setTimer(Math.max(1, Duration.ofNanos(nanos).toMillis()), due -> {
            timer = -1;
            pump();
        });
    }

    private void tellDrained() {
        if (drained != null && line.heldBytes() == 0) {
            drained.tryComplete();
        }
    }

    private void at(KillPoint point) {
        parts.hook().reached(point);
    }
}
