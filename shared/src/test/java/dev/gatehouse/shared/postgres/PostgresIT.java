package dev.gatehouse.shared.postgres;

import static dev.gatehouse.shared.testing.TestNode.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.embedded.EmbeddedPostgres;
import dev.gatehouse.shared.settings.HostPort;
import dev.gatehouse.shared.settings.Secret;
import dev.gatehouse.shared.testing.TestServers;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Vertx vertx = Vertx.vertx();

    @TempDir
    private static Path folder;

    @AfterAll
    static void close() {
        get(vertx.close());
    }

    @Test
    void everyConnectionHasItsLimits() {
        Pool pool = Postgres.pool(vertx, TestServers.newDatabase());
        assertThat(get(pool.query("""
                        select name || '=' || setting from pg_settings
                        where name in ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout', 'application_name',
                            'max_parallel_workers_per_gather')
                        order by name""").mapping((Row row) -> row.getString(0)).execute()))
                .containsExactly(
                        "application_name=gatehouse",
                        "idle_in_transaction_session_timeout=2000",
                        "lock_timeout=5000",
                        "max_parallel_workers_per_gather=0",
                        "statement_timeout=15000");
        get(pool.close());
    }

    @Test
    void aStatementThatTakesTooLongIsEndedByTheDatabase() {
        PostgresSettings settings = TestServers.newDatabase();
        Pool pool = Postgres.pool(vertx, limited(settings, 16, 1000, Duration.ofMillis(100)));
        assertThatThrownBy(() -> get(pool.query("select pg_sleep(60)").execute()))
                .isInstanceOfSatisfying(
                        PgException.class, e -> assertThat(e.getSqlState()).isEqualTo("57014"));
        get(pool.close());
    }

    @Test
    void aStatementWhoseConnectionIsEndedFails() {
        Pool pool = Postgres.pool(vertx, TestServers.newDatabase());
        Future<?> plain = pool.query("select pg_sleep(60) as a").execute();
        Future<?> prepared = pool.preparedQuery("select pg_sleep(60) as b").execute();
        Future<?> transaction = pool.withTransaction(
                connection -> connection.query("select pg_sleep(60) as c").execute());
        await().atMost(PATIENCE).until(() -> {
            get(pool.query("select pg_terminate_backend(pid) from pg_stat_activity"
                            + " where wait_event = 'PgSleep' and datname = current_database()")
                    .execute());
            return Stream.of(plain, prepared, transaction).allMatch(Future::isComplete);
        });
        assertThat(List.of(plain, prepared, transaction)).allMatch(Future::failed);
        get(pool.close());
    }

    @Test
    void moreThanMayWaitFailAtOnce() {
        Pool pool = Postgres.pool(vertx, limited(TestServers.newDatabase(), 1, 2, Duration.ofSeconds(10)));
        List<Future<?>> all = new ArrayList<>();
        IntStream.range(0, 10)
                .forEach(i -> all.add(pool.query("select pg_sleep(0.2)").execute()));
        await().atMost(PATIENCE).until(() -> all.stream().allMatch(Future::isComplete));
        assertThat(all).filteredOn(Future::succeeded).hasSizeBetween(2, 4);
        assertThat(all).filteredOn(Future::failed).hasSizeBetween(6, 8);
        get(pool.close());
    }

    @Test
    void aPoolOutlivesARestartOfTheDatabase() {
        try (EmbeddedPostgres server = EmbeddedPostgres.start(folder.resolve("restart"))) {
            Pool pool = Postgres.pool(vertx, TestServers.settings(server, "postgres"));
            get(pool.query("select 1").execute());
            // WHEN it is away, requests fail within their limit
            server.stop();
            assertThatThrownBy(() -> get(pool.query("select 1").execute())).isNotNull();
            // THEN, as soon as it is back, they succeed
            server.restart();
            await().atMost(PATIENCE)
                    .until(() -> pool.query("select 1")
                            .execute()
                            .map(true)
                            .otherwise(false)
                            .await());
            get(pool.close());
        }
    }

    @Test
    void aDatabaseThatFreezesIsNotWaitedForForEver() {
        try (EmbeddedPostgres server = EmbeddedPostgres.start(folder.resolve("freezes"))) {
            PostgresSettings settings = TestServers.settings(server, "postgres");
            Pool pool = Postgres.pool(vertx, limited(settings, 1, 1000, Duration.ofMillis(100)));
            get(pool.query("select 1").execute());
            // WHEN it says nothing any more
            server.pause();
            Future<?> plain = pool.query("select 1").execute();
            Future<?> transaction = pool.withTransaction(
                    connection -> connection.query("select 1").execute());
            // THEN what was asked fails
            await().atMost(PATIENCE).until(() -> plain.isComplete() && transaction.isComplete());
            assertThat(plain.cause()).isInstanceOf(SilentDatabaseException.class);
            // AND as soon as it goes on, new requests succeed, though the old connection was the only one
            server.resume();
            await().atMost(PATIENCE)
                    .until(() -> pool.query("select 1")
                            .execute()
                            .map(true)
                            .otherwise(false)
                            .await());
            get(pool.close());
        }
    }

    @Test
    void theHostThatTakesWritesIsFound() {
        try (EmbeddedPostgres server = EmbeddedPostgres.start(folder.resolve("writable"))) {
            PostgresSettings settings = TestServers.settings(server, "postgres");
            HostPort nobody = new HostPort("127.0.0.1", TestServers.freePort());
            HostPort nobodyElse = new HostPort("127.0.0.1", TestServers.freePort());
            Pool pool = Postgres.pool(
                    vertx, withHosts(settings, List.of(nobody, settings.hosts().getFirst())));
            assertThat(get(pool.query("select 1").execute())).hasSize(1);
            get(pool.close());

            Pool lost = Postgres.pool(vertx, withHosts(settings, List.of(nobody, nobodyElse)));
            assertThatThrownBy(() -> get(lost.query("select 1").execute()))
                    .hasMessageContaining("no node of the database takes writes");
            get(lost.close());
        }
    }

    @Test
    void aDatabaseThatIsAwayEndsTheMigrationsInTime() {
        PostgresSettings away =
                withHosts(TestServers.newDatabase(), List.of(new HostPort("127.0.0.1", TestServers.freePort())));
        long begun = System.nanoTime();
        assertThatThrownBy(() -> Migrations.run(away, Duration.ofMillis(600)))
                .isInstanceOf(DatabaseAwayException.class)
                .hasMessageContaining("PostgreSQL at " + away.hosts().getFirst())
                .hasMessageContaining("does not take connections");
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isBetween(Duration.ofMillis(500), PATIENCE);
    }

    @Test
    void aWrongPasswordIsNotWaitedFor() {
        PostgresSettings settings = TestServers.newDatabase();
        PostgresSettings wrong = new PostgresSettings(
                settings.hosts(),
                settings.database(),
                settings.user(),
                Optional.of(new Secret("wrong")),
                1,
                1,
                settings.connectTimeout(),
                settings.startWait(),
                settings.statementTimeout(),
                settings.caFile());
        assertThatThrownBy(() -> Migrations.run(wrong, Duration.ofMinutes(10)))
                .hasMessageContaining("password authentication failed");
    }

    @Test
    void manyProcessesMayMigrateAtOnce() {
        try (EmbeddedPostgres server = EmbeddedPostgres.start(folder.resolve("migrate"))) {
            PostgresSettings settings = TestServers.settings(server, "postgres");
            List<Future<Void>> all = IntStream.range(0, 3)
                    .mapToObj(i -> vertx.<Void>executeBlocking(
                            () -> {
                                Migrations.run(settings, PATIENCE);
                                return null;
                            },
                            false))
                    .toList();
            get(Future.all(all));
        }
    }

    private static PostgresSettings limited(PostgresSettings from, int poolSize, int waiting, Duration statement) {
        return new PostgresSettings(
                from.hosts(),
                from.database(),
                from.user(),
                from.password(),
                poolSize,
                waiting,
                from.connectTimeout(),
                from.startWait(),
                statement,
                from.caFile());
    }

    private static PostgresSettings withHosts(PostgresSettings from, List<HostPort> hosts) {
        return new PostgresSettings(
                hosts,
                from.database(),
                from.user(),
                from.password(),
                from.poolSize(),
                from.maxWaiting(),
                from.connectTimeout(),
                from.startWait(),
                from.statementTimeout(),
                from.caFile());
    }
}
