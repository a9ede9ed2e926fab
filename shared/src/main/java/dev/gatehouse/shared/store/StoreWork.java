package dev.gatehouse.shared.store;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads on which a store's blocking work is done, apart from all others: as many as requests are allowed at once. Each request has a time after which its future fails, whatever its thread does. Thread-safe. */
final class StoreWork implements AutoCloseable {

    /** Requests running and waiting; further ones fail at once, so that a store that hangs costs bounded memory. */
    static final int MAX_PENDING = 4096;

    private final WorkerExecutor threads;
    private final String store;
    private final Duration timeout;
    private final AtomicInteger pending = new AtomicInteger();

    /** @param store what it is, for messages: where, without secrets */
    StoreWork(Vertx vertx, String store, StoreSettings settings) {
        this.store = store;
        this.timeout = settings.timeout();
        this.threads = vertx.createSharedWorkerExecutor(
                "gatehouse-store-" + settings.kind().name().toLowerCase(Locale.ROOT),
                settings.requests(),
                timeout.toMillis() * 2,
                TimeUnit.MILLISECONDS);
    }

    /** Fails with a {@link StoreException} only; the task turns what it knows of into one, the rest becomes one here. */
    <T> Future<T> run(String what, Callable<T> task) {
        if (pending.incrementAndGet() > MAX_PENDING) {
            pending.decrementAndGet();
            return Future.failedFuture(
                    new StoreException(what + ": " + MAX_PENDING + " requests wait for " + store + " already", null));
        }
        Future<T> done = threads.executeBlocking(
                () -> {
                    try {
                        return task.call();
                    } finally {
                        pending.decrementAndGet();
                    }
                },
                false);
        return done.timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .recover(cause -> Future.failedFuture(asStoreException(what, cause)));
    }

    private StoreException asStoreException(String what, Throwable cause) {
        if (cause instanceof StoreException known) {
            return known;
        }
        String reason = cause instanceof TimeoutException ? "no answer within " + timeout : cause.getMessage();
        return new StoreException(what + " in " + store + ": " + reason, cause);
    }

    @Override
    public void close() {
        threads.close();
    }
}
