package dev.gatehouse.ingest.commit;

import dev.gatehouse.ingest.writer.WriterRow;
import dev.gatehouse.shared.segment.NewId;
import dev.gatehouse.shared.segment.SegmentHead;
import dev.gatehouse.shared.store.ObjectStore;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out what its {@link CommitFlow} decides, on the store and the database. A statement is never cancelled. Confined to its context; futures of the store and the database complete there. */
public final class Committer {

    private static final Logger log = LoggerFactory.getLogger(Committer.class);

    /** What a committer stands on. */
    public record Parts(
            Vertx vertx, String node, Pool postgres, ObjectStore store, CommitLimits limits, KillPoint.Hook hook) {}

    /** Learns what became of chunks, on the committer's context. */
    public interface Listener {

        void committed(List<StreamNext> streams);

        /** The chunks, all of one stream, will not become durable, nor will those after them. */
        void refused(Cut chunks, String reason);
    }

    private final Parts parts;
    private final WriterRow writers;
    private final CommitFlow flow;
    private final CommitMeters meters;
    private final RecentEvents recent;
    private final Listener listener;
    private boolean stopped;
    private Promise<Void> drained;

    /** Made on the context to which it is confined. */
    public Committer(Parts parts, UUID writer, CommitMeters meters, RecentEvents recent, Listener listener) {
        this.parts = parts;
        this.writers = new WriterRow(parts.postgres());
        this.flow = new CommitFlow(parts.limits(), writer, new Output(), System::nanoTime, new Random());
        this.meters = meters;
        this.recent = recent;
        this.listener = listener;
    }

    /** Adds a chunk; {@link #pump} must follow. */
    public void add(TakenChunk chunk) {
        flow.add(chunk);
    }

    /** Starts whatever can be started now. */
    public void pump() {
        flow.pump();
    }

    /** Bytes that are taken and not durable. */
    public long heldBytes() {
        return flow.heldBytes();
    }

    /** For how long the oldest chunk that is not durable has waited. */
    public Duration oldestAge() {
        return Duration.ofNanos(flow.oldestAge());
    }

    /** The writer under which objects are written now. */
    public UUID writer() {
        return flow.writer();
    }

    /** Completes once all that was added is durable. */
    public Future<Void> drain() {
        drained = Promise.promise();
        flow.pump();
        tellDrained();
        return drained.future();
    }

    /** Lets go of everything at once, as a crash does. */
    public void stop() {
        stopped = true;
        flow.stop();
    }

    private void tellDrained() {
        if (drained != null && flow.heldBytes() == 0) {
            drained.tryComplete();
        }
    }

    private void at(KillPoint point) {
        parts.hook().reached(point);
    }

    /** What the flow wants done. */
    private final class Output implements CommitOutput {

        @Override
        public void layOut(Cut cut, UUID writer) {
            cut.layOut(new SegmentHead(writer, NewId.now(), System.currentTimeMillis() * 1000));
        }

        @Override
        public void upload(Upload upload) {
            Cut cut = upload.cut();
            int failures = upload.tries().failures();
            at(KillPoint.BEFORE_PUT);
            parts.store().put(cut.objectKey(), cut.object()).onComplete(put -> {
                if (stopped) {
                    return;
                }
                if (put.succeeded()) {
                    at(KillPoint.AFTER_PUT);
                    if (failures > 0) {
                        log.info("Store took {} after {} failures", cut, failures);
                    }
                    flow.uploaded(upload);
                } else {
                    if (failures == 0) {
                        log.warn("Store did not take {}; trying again until it does", cut, put.cause());
                    }
                    meters.storeFailed();
                    flow.uploadFailed(upload);
                }
            });
        }

        @Override
        public void commit(Commit commit) {
            at(KillPoint.BEFORE_COMMIT);
            long startedAt = System.nanoTime();
            Future<CommitRows.Outcome> written;
            try {
                written = CommitRows.of(commit.writer(), commit.cuts()).write(parts.postgres());
            } catch (RuntimeException e) {
                written = Future.failedFuture(e);
            }
            written.onComplete(outcome -> {
                if (stopped) {
                    return;
                }
                if (outcome.failed()) {
                    failed(commit, outcome.cause());
                } else if (outcome.result().writerClosed()) {
                    log.warn("Writer {} was closed; going on under a new one", commit.writer());
                    flow.writerClosed(commit);
                } else {
                    at(KillPoint.AFTER_COMMIT);
                    succeeded(commit, outcome.result(), startedAt);
                }
            });
        }

        private void failed(Commit commit, Throwable cause) {
            Optional<String> refusal = DataRefusal.reason(cause);
            meters.commitFailed();
            if (refusal.isPresent()) {
                flow.commitRefused(commit, refusal.get());
                tellDrained();
                return;
            }
            if (flow.failures() == 0) {
                log.warn(
                        "Commit of {} failed or its outcome is unknown; trying again until it is known",
                        commit.cuts(),
                        cause);
            }
            flow.commitFailed(commit);
        }

        private void succeeded(Commit commit, CommitRows.Outcome outcome, long startedAt) {
            if (flow.failures() > 0) {
                log.info("Database commits again after {} failures", flow.failures());
            }
            meters.committed(commit.cuts(), outcome.stored(), startedAt);
            long sent =
                    commit.cuts().stream().mapToLong(cut -> cut.chunks().size()).sum();
            if (sent == outcome.stored()) {
                recent.add(commit.cuts());
            }
            flow.committed(commit, outcome.streams());
            tellDrained();
        }

        @Override
        public void openWriter() {
            writers.open(parts.node()).onSuccess(flow::writerOpened).onFailure(cause -> flow.writerNotOpened());
        }

        @Override
        public void durable(List<StreamNext> streams) {
            at(KillPoint.BEFORE_PROGRESS);
            listener.committed(streams);
            at(KillPoint.AFTER_PROGRESS);
        }

        @Override
        public void left(Cut chunks, String reason) {
            TakenChunk first = chunks.chunks().getFirst();
            log.error(
                    "The database refuses {} chunks of stream {} from {} on: {}. The stream is stopped, they are not acknowledged",
                    chunks.chunks().size(),
                    first.streamId(),
                    first.sequence(),
                    reason);
            meters.refused();
            listener.refused(chunks, reason);
        }

        @Override
        public void after(long nanos, Runnable action) {
            parts.vertx().setTimer(Math.max(1, Duration.ofNanos(nanos).toMillis()), due -> action.run());
        }
    }
}
