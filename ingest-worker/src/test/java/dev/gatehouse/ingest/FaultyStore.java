package dev.gatehouse.ingest;

import dev.gatehouse.shared.store.ObjectStore;
import dev.gatehouse.shared.store.StoreException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A real store whose writes and moves go wrong in a chosen way. Thread-safe. */
public final class FaultyStore implements ObjectStore {

    /** How writes fare. */
    public enum Mode {
        WELL,
        SLOW,
        FAILING,
        /** Stored, and then the answer is lost. */
        STORED_BUT_FAILED
    }

    private static final int SLOW_MILLIS = 300;

    private final Vertx vertx;
    private final ObjectStore real;
    private volatile Mode mode = Mode.WELL;
    private final AtomicInteger puts = new AtomicInteger();

    public FaultyStore(Vertx vertx, ObjectStore real) {
        this.vertx = vertx;
        this.real = real;
    }

    public void mode(Mode next) {
        mode = next;
        puts.set(0);
    }

    /** Writes tried since the mode was set. */
    int puts() {
        return puts.get();
    }

    @Override
    public Future<Void> put(String key, List<Buffer> parts) {
        puts.incrementAndGet();
        return switch (mode) {
            case WELL -> real.put(key, parts);
            case FAILING -> Future.failedFuture(new StoreException("away", null));
            case STORED_BUT_FAILED ->
                real.put(key, parts).compose(stored -> Future.failedFuture(new StoreException("timed out", null)));
            case SLOW -> {
                Promise<Void> later = Promise.promise();
                vertx.setTimer(SLOW_MILLIS, timer -> real.put(key, parts).onComplete(later));
                yield later.future();
            }
        };
    }

    @Override
    public Future<Buffer> read(String key, long offset, int length) {
        return real.read(key, offset, length);
    }

    @Override
    public Future<Void> delete(String key) {
        return real.delete(key);
    }

    @Override
    public Future<Void> move(String from, String to) {
        return mode == Mode.FAILING ? Future.failedFuture(new StoreException("away", null)) : real.move(from, to);
    }

    @Override
    public Future<List<Entry>> list(String prefix, String after, int limit) {
        return real.list(prefix, after, limit);
    }

    @Override
    public Future<Void> check() {
        return real.check();
    }

    @Override
    public void close() {
        real.close();
    }
}
