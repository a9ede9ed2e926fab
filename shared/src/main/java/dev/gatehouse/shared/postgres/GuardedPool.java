package dev.gatehouse.shared.postgres;

import dev.gatehouse.shared.settings.HostPort;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PrepareOptions;
import io.vertx.sqlclient.PreparedQuery;
import io.vertx.sqlclient.Query;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.TransactionPropagation;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A pool that does not wait for ever for a database that says nothing: one that is frozen, or whose host has vanished.
 *
 * <p>The client never gives up a connection: it says that it wants to close, and waits until the other side has. So what has been under way for {@link #SUSPECT} makes this pool ask which node is the primary. If that is
 * another one than its connections lead to, or if none answers while something is beyond its limit, all that is under way fails with a {@link SilentDatabaseException} and new connections are made; the old ones end when the
 * other side does. What is beyond its limit fails in any case. Thread-safe; futures complete on the caller's context.
 */
final class GuardedPool implements Pool {

    private static final Logger log = LoggerFactory.getLogger(GuardedPool.class);

    /** Nearly everything is answered sooner; asking costs little. */
    static final Duration SUSPECT = Duration.ofSeconds(3);

    private static final Duration PERIOD = Duration.ofSeconds(1);

    /** For all statements of a transaction together. */
    private static final Duration TRANSACTION = Duration.ofMinutes(3);

    /** Makes the connections, and tells whom they lead to. */
    interface Maker {
        Pool make(Consumer<HostPort> primary);
    }

    /** Something that waits for its answer. */
    private static final class Operation {
        final Context context;
        final Promise<?> promise;
        final long begunAt = System.nanoTime();
        final long limitNanos;

        Operation(Context context, Promise<?> promise, Duration limit) {
            this.context = context;
            this.promise = promise;
            this.limitNanos = limit.toNanos();
        }

        boolean isOlder(long nanos) {
            return System.nanoTime() - begunAt > nanos;
        }

        void fail(String why) {
            context.runOnContext(go -> promise.tryFail(new SilentDatabaseException(why)));
        }
    }

    /** The connections that are used together, and what is under way on them. */
    private static final class Generation {
        final Pool pool;
        final Set<Operation> underWay = ConcurrentHashMap.newKeySet();
        volatile HostPort primary;
        volatile boolean overdue;

        Generation(Maker maker) {
            this.pool = maker.make(host -> primary = host);
        }
    }

    private final Vertx vertx;
    private final Maker maker;
    private final Supplier<Future<HostPort>> primary;
    private final Duration limit;
    private final long timer;
    private volatile Generation current;
    private volatile boolean asking;

    /**
     * @param primary asks anew who it is
     * @param limit of one statement, the wait for a connection included
     */
    GuardedPool(Vertx vertx, Maker maker, Supplier<Future<HostPort>> primary, Duration limit) {
        this.vertx = vertx;
        this.maker = maker;
        this.primary = primary;
        this.limit = limit;
        this.current = new Generation(maker);
        this.timer = vertx.setPeriodic(PERIOD.toMillis(), due -> look());
    }

    <T> Future<T> statement(Function<Pool, Future<T>> work) {
        return guarded(limit, work);
    }

    private <T> Future<T> guarded(Duration longest, Function<Pool, Future<T>> work) {
        Generation used = current;
        Promise<T> promise = Promise.promise();
        Operation operation = new Operation(vertx.getOrCreateContext(), promise, longest);
        used.underWay.add(operation);
        Future<T> answer;
        try {
            answer = work.apply(used.pool);
        } catch (RuntimeException e) {
            answer = Future.failedFuture(e);
        }
        answer.onComplete(result -> {
            used.underWay.remove(operation);
            complete(promise, result);
        });
        return promise.future();
    }

    private static <T> void complete(Promise<T> promise, AsyncResult<T> result) {
        if (result.succeeded()) {
            promise.tryComplete(result.result());
        } else {
            promise.tryFail(result.cause());
        }
    }

    private void look() {
        Generation used = current;
        List<Operation> underWay = List.copyOf(used.underWay);
        for (Operation operation : underWay) {
            if (operation.isOlder(operation.limitNanos) && used.underWay.remove(operation)) {
                used.overdue = true;
                operation.fail("no answer of the database within "
                        + Duration.ofNanos(operation.limitNanos).toSeconds() + " s; the outcome is unknown");
            }
        }
        boolean suspect =
                used.overdue || used.underWay.stream().anyMatch(operation -> operation.isOlder(SUSPECT.toNanos()));
        if (suspect && !asking) {
            asking = true;
            primary.get().onComplete(found -> {
                asking = false;
                judge(used, found);
            });
        }
    }

    private void judge(Generation used, AsyncResult<HostPort> found) {
        if (found.succeeded() && !found.result().equals(used.primary)) {
            replace(used, found.result() + " is the primary now");
        } else if (found.failed() && used.overdue) {
            replace(used, found.cause().getMessage());
        }
        used.overdue = false;
    }

    private synchronized void replace(Generation old, String why) {
        if (current != old || old.primary == null) {
            return;
        }
        log.warn("{} is not waited for any longer, connections are made anew: {}", old.primary, why);
        current = new Generation(maker);
        old.underWay.forEach(
                operation -> operation.fail("the database does not answer; the outcome is unknown: " + why));
        old.pool.close();
    }

    @Override
    public Query<RowSet<Row>> query(String sql) {
        return new GuardedQuery<>(this, pool -> pool.query(sql));
    }

    @Override
    public PreparedQuery<RowSet<Row>> preparedQuery(String sql) {
        return new GuardedPreparedQuery<>(this, pool -> pool.preparedQuery(sql));
    }

    @Override
    public PreparedQuery<RowSet<Row>> preparedQuery(String sql, PrepareOptions options) {
        return new GuardedPreparedQuery<>(this, pool -> pool.preparedQuery(sql, options));
    }

    @Override
    public <T> Future<T> withTransaction(Function<SqlConnection, Future<T>> work) {
        return guarded(TRANSACTION, pool -> pool.withTransaction(work));
    }

    @Override
    public <T> Future<T> withTransaction(TransactionPropagation propagation, Function<SqlConnection, Future<T>> work) {
        return guarded(TRANSACTION, pool -> pool.withTransaction(propagation, work));
    }

    @Override
    public <T> Future<T> withConnection(Function<SqlConnection, Future<T>> work) {
        return guarded(TRANSACTION, pool -> pool.withConnection(work));
    }

    /** What is done on the connection itself is not guarded. */
    @Override
    public Future<SqlConnection> getConnection() {
        return guarded(limit, Pool::getConnection);
    }

    @Override
    public int size() {
        return current.pool.size();
    }

    @Override
    public Future<Void> close() {
        vertx.cancelTimer(timer);
        return current.pool.close();
    }
}
