package dev.gatehouse.shared.trust;

import static org.awaitility.Awaitility.await;

import dev.gatehouse.shared.postgres.Postgres;
import dev.gatehouse.shared.postgres.PostgresSettings;
import dev.gatehouse.shared.settings.SettingsLoader;
import dev.gatehouse.shared.testing.TestServers;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.StreamSupport;

/** A migrated database of a test class's own, behind a relay that can be cut. */
public final class TestDatabase implements AutoCloseable {

    public final Vertx vertx = Vertx.vertx();
    public final Pool pool;

    private final Set<NetSocket> sockets = ConcurrentHashMap.newKeySet();
    private final PostgresSettings database = TestServers.newDatabase();
    private volatile boolean away;

    public TestDatabase() {
        NetServer relay =
                get(vertx.createNetServer().connectHandler(this::relay).listen(0, "127.0.0.1"));
        Map<String, String> values = Map.of(
                "hosts",
                "127.0.0.1:" + relay.actualPort(),
                "database",
                database.database(),
                "user",
                database.user(),
                "password",
                database.password().orElseThrow().value());
        pool = Postgres.pool(vertx, SettingsLoader.load(PostgresSettings.class, Optional.empty(), Map.of(), values));
    }

    /** From now on every connection is cut at once. */
    public void away() {
        away = true;
        sockets.forEach(NetSocket::close);
    }

    /** Returns when the pool has let its cut connections go and has a whole one: the next request meets no leftover. */
    public void back() {
        await().atMost(Duration.ofSeconds(30)).until(() -> pool.size() == 0);
        away = false;
        await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> count("select 1") == 1);
    }

    public static <T> T get(Future<T> future) {
        try {
            return future.await(30, TimeUnit.SECONDS);
        } catch (TimeoutException late) {
            throw new AssertionError("not done within 30 s", late);
        }
    }

    /** What a future fails with. */
    public static Throwable failure(Future<?> future) {
        try {
            get(future);
        } catch (RuntimeException refused) {
            return refused;
        }
        throw new AssertionError("did not fail");
    }

    public List<Row> query(String sql, Object... values) {
        return StreamSupport.stream(
                        get(pool.preparedQuery(sql).execute(Tuple.from(values))).spliterator(), false)
                .toList();
    }

    public long count(String sql, Object... values) {
        return query(sql, values).getFirst().getLong(0);
    }

    @Override
    public void close() {
        get(pool.close());
        get(vertx.close());
        // a connection that is still there keeps the database from being dropped: a leak
        await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> {
            TestServers.dropDatabase(database);
            return true;
        });
    }

    private void relay(NetSocket socket) {
        if (away) {
            socket.close();
            return;
        }
        socket.pause();
        sockets.add(socket);
        socket.closeHandler(closed -> sockets.remove(socket));
        vertx.createNetClient()
                .connect(database.hosts().getFirst().port(), "127.0.0.1")
                .onComplete(connected -> {
                    if (connected.failed()) {
                        socket.close();
                        return;
                    }
                    NetSocket server = connected.result();
                    socket.handler(server::write);
                    server.handler(socket::write);
                    server.closeHandler(closed -> socket.close());
                    socket.closeHandler(closed -> {
                        sockets.remove(socket);
                        server.close();
                    });
                    socket.resume();
                });
    }
}
