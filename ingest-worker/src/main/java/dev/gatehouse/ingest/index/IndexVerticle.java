package dev.gatehouse.ingest.index;

import dev.gatehouse.ingest.commit.CommitMeters;
import dev.gatehouse.ingest.commit.RecentEvents;
import dev.gatehouse.shared.store.ObjectStore;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Indexes for as long as it is deployed, behind the acks: while commits are slow or much waits for them, only a batch now and then. Event loop; unpacking is on a worker thread of its own. */
public final class IndexVerticle extends VerticleBase {

    private static final Logger log = LoggerFactory.getLogger(IndexVerticle.class);

    /** Tasks claimed at once. */
    private static final int CLAIM = 64;

    private static final Duration IDLE = Duration.ofMillis(100);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(2);
    private static final Duration LAG_PERIOD = Duration.ofSeconds(5);

    /** Acks wait for so long, or so much waits for them: give way. */
    private static final Duration BUSY_AGE = Duration.ofMillis(50);

    private static final long BUSY_BYTES = 8 * 1024 * 1024;

    /** The longest that one batch gives way, so that indexing never stands still. */
    private static final Duration LONGEST_YIELD = Duration.ofMillis(500);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

    /** What it stands on; {@code load}: how the commit path fares. */
    public record Parts(
            Pool postgres, ObjectStore store, int batch, MeterRegistry meters, Supplier<CommitMeters.Load> load) {}

    private final Parts parts;
    private final RecentEvents recent;
    private final AtomicReference<Double> lag = new AtomicReference<>(0.0);
    private final Promise<Void> ended = Promise.promise();
    private WorkerExecutor workers;
    private Indexer indexer;
    private TaskRows tasks;
    private boolean stopping;
    private boolean failing;

    public IndexVerticle(Parts parts, RecentEvents recent) {
        this.parts = parts;
        this.recent = recent;
    }

    @Override
    public Future<?> start() {
        parts.meters().gauge("gatehouse.index.lag.seconds", lag, AtomicReference::get);
        Counter events = parts.meters().counter("gatehouse.index.events");
        workers = vertx.createSharedWorkerExecutor("gatehouse-index", 1, 30, TimeUnit.SECONDS);
        tasks = new TaskRows(parts.postgres());
        indexer = new Indexer(
                new Indexer.Parts(
                        parts.postgres(),
                        parts.store(),
                        workers,
                        parts.batch(),
                        () -> giveWay(System.nanoTime()),
                        count -> events.increment((double) count)),
                recent);
        vertx.setPeriodic(LAG_PERIOD.toMillis(), timer -> tasks.lagSeconds().onSuccess(lag::set));
        round();
        return Future.succeededFuture();
    }

    /** The batch in hand is finished first. */
    @Override
    public Future<?> stop() {
        stopping = true;
        return ended.future().eventually(() -> workers.close());
    }

    private void round() {
        if (stopping) {
            ended.complete();
            return;
        }
        indexer.round(CLAIM).onComplete(done -> {
            if (done.failed()) {
                if (!failing) {
                    log.warn("Indexing pauses: {}", String.valueOf(done.cause().getMessage()));
                }
                failing = true;
                after(AFTER_FAILURE);
            } else {
                failing = false;
                after(done.result() == 0 ? IDLE : Duration.ofMillis(1));
            }
        });
    }

    private void after(Duration pause) {
        vertx.setTimer(stopping ? 1 : pause.toMillis(), timer -> round());
    }

    private Future<Void> giveWay(long since) {
        if (stopping) {
            return Future.failedFuture(new StoppingException());
        }
        CommitMeters.Load load = parts.load().get();
        boolean busy = load.held() > BUSY_BYTES || load.oldest().compareTo(BUSY_AGE) > 0;
        if (!busy || System.nanoTime() - since > LONGEST_YIELD.toNanos()) {
            return Future.succeededFuture();
        }
        Promise<Void> later = Promise.promise();
        vertx.setTimer(LOOK_AGAIN.toMillis(), timer -> giveWay(since).onComplete(later));
        return later.future();
    }
}
