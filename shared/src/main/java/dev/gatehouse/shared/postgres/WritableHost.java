package dev.gatehouse.shared.postgres;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.SqlConnectOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Finds, among the nodes of a database cluster, the one that takes writes. Asks the one that took them last first; asked anew for each connection, so that after a failover no connection goes to the old one. Thread-safe.
 */
final class WritableHost {

    private final Vertx vertx;
    private final List<PgConnectOptions> hosts;
    private final Duration limit;
    private volatile int last;

    WritableHost(Vertx vertx, List<PgConnectOptions> hosts, Duration limit) {
        this.vertx = vertx;
        this.hosts = hosts;
        this.limit = limit;
    }

    /** Fails when no node takes writes now. */
    Future<SqlConnectOptions> find() {
        return find(last, hosts.size(), new IllegalStateException("no node of the database was asked"));
    }

    private Future<SqlConnectOptions> find(int index, int left, Throwable cause) {
        if (left == 0) {
            return Future.failedFuture(new IllegalStateException("no node of the database takes writes", cause));
        }
        PgConnectOptions host = hosts.get(index);
        return isWritable(host)
                .compose(
                        writable -> {
                            if (!writable) {
                                return next(index, left, cause);
                            }
                            last = index;
                            return Future.succeededFuture(host);
                        },
                        failure -> next(index, left, failure));
    }

    private Future<SqlConnectOptions> next(int index, int left, Throwable cause) {
        return find((index + 1) % hosts.size(), left - 1, cause);
    }

    private Future<Boolean> isWritable(PgConnectOptions host) {
        return PgConnection.connect(vertx, host)
                .compose(connection -> connection
                        .query("select not pg_is_in_recovery()")
                        .execute()
                        .map(rows -> rows.iterator().next().getBoolean(0))
                        .eventually(connection::close))
                .timeout(limit.toMillis(), TimeUnit.MILLISECONDS);
    }
}
