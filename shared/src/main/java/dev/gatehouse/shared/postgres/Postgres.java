package dev.gatehouse.shared.postgres;

import dev.gatehouse.shared.settings.HostPort;
import dev.gatehouse.shared.settings.Secret;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.SqlConnectOptions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** How a process is connected to PostgreSQL, with a limit on everything: the client's own defaults wait for ever. */
public final class Postgres {

    /** A transaction that does nothing for so long is ended by the database: its locks are others' acks. */
    static final Duration IDLE_IN_TRANSACTION = Duration.ofSeconds(2);

    /** Longest wait for a lock. */
    static final Duration LOCK_WAIT = Duration.ofSeconds(5);

    /** Beyond the time that the database allows itself for a statement, for its answer to come. */
    private static final Duration ANSWER = Duration.ofSeconds(5);

    /** A host that confirms nothing of what it was sent for so long is gone. */
    private static final Duration VANISHED = Duration.ofSeconds(10);

    /** An unused connection is closed after this. */
    private static final Duration IDLE_CONNECTION = Duration.ofSeconds(20);

    /** No connection is older, so that the load finds back to a node that was away. */
    private static final Duration CONNECTION_LIFETIME = Duration.ofMinutes(30);

    private static final int PREPARED_STATEMENTS = 256;
    private static final int PREPARED_SQL_LENGTH = 8 * 1024;

    private Postgres() {}

    /** A pool whose requests fail rather than wait for ever. It connects when it is first used and again whenever it has to. */
    public static Pool pool(Vertx vertx, PostgresSettings settings) {
        PoolOptions limits = new PoolOptions()
                .setMaxSize(settings.poolSize())
                .setMaxWaitQueueSize(settings.maxWaiting())
                .setConnectionTimeout((int) settings.connectTimeout().toMillis())
                .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS)
                .setIdleTimeout((int) IDLE_CONNECTION.toSeconds())
                .setIdleTimeoutUnit(TimeUnit.SECONDS)
                .setMaxLifetime((int) CONNECTION_LIFETIME.toSeconds())
                .setMaxLifetimeUnit(TimeUnit.SECONDS)
                .setPoolCleanerPeriod(1_000);
        Map<HostPort, PgConnectOptions> hosts = new LinkedHashMap<>();
        settings.hosts().forEach(host -> hosts.put(host, connect(settings, host)));
        WritableHost writable = new WritableHost(vertx, hosts, settings.connectTimeout());
        return new GuardedPool(
                vertx,
                primary -> PgBuilder.pool()
                        .with(limits)
                        .with(socket(settings))
                        .connectingTo(() -> (hosts.size() == 1 ? only(hosts) : writable.find())
                                .onSuccess(options -> primary.accept(address(options))))
                        .using(vertx)
                        .build(),
                () -> writable.find().map(Postgres::address),
                settings.connectTimeout().plus(settings.statementTimeout()).plus(ANSWER));
    }

    private static Future<SqlConnectOptions> only(Map<HostPort, PgConnectOptions> hosts) {
        return Future.succeededFuture(hosts.values().iterator().next());
    }

    private static HostPort address(SqlConnectOptions options) {
        return new HostPort(options.getHost(), options.getPort());
    }

    private static PgConnectOptions connect(PostgresSettings settings, HostPort host) {
        PgConnectOptions options = new PgConnectOptions()
                .setHost(host.host())
                .setPort(host.port())
                .setDatabase(settings.database())
                .setUser(settings.user())
                .setPassword(settings.password().map(Secret::value).orElse(""))
                .setCachePreparedStatements(true)
                .setPreparedStatementCacheMaxSize(PREPARED_STATEMENTS)
                .setPreparedStatementCacheSqlLimit(PREPARED_SQL_LENGTH)
                .setReconnectAttempts(0) // the callers retry, politely
                .addProperty("application_name", "gatehouse")
                .addProperty("statement_timeout", millis(settings.statementTimeout()))
                .addProperty("lock_timeout", millis(LOCK_WAIT))
                .addProperty("idle_in_transaction_session_timeout", millis(IDLE_IN_TRANSACTION))
                // the end of a parallel worker comes as an ERROR 57P01, of which the client never tells the query
                .addProperty("max_parallel_workers_per_gather", "0")
                .setSslMode(SslMode.DISABLE);
        settings.caFile()
                .ifPresent(file -> options.setSslMode(SslMode.VERIFY_FULL)
                        .setSslOptions(new ClientSSLOptions()
                                .setTrustAll(false)
                                .setHostnameVerificationAlgorithm("HTTPS")
                                .setTrustOptions(new PemTrustOptions().addCertPath(file.toString()))));
        return options;
    }

    private static NetClientOptions socket(PostgresSettings settings) {
        return new NetClientOptions()
                .setConnectTimeout((int) settings.connectTimeout().toMillis())
                .setTcpUserTimeout((int) VANISHED.toMillis())
                .setTcpKeepAlive(true)
                .setTcpNoDelay(true);
    }

    private static String millis(Duration time) {
        return Long.toString(time.toMillis());
    }
}
