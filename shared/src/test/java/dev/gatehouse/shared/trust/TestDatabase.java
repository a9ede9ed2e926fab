package dev.gatehouse.shared.trust;

import dev.gatehouse.embedded.EmbeddedPostgres;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.StreamSupport;
import org.flywaydb.core.Flyway;

/** A migrated database of a test class's own, in the one PostgreSQL of this JVM, behind a relay that can be cut. */
public final class TestDatabase implements AutoCloseable {

    private static final AtomicInteger numbers = new AtomicInteger();

    private static final class Server {
        static final EmbeddedPostgres POSTGRES = start();

        private static EmbeddedPostgres start() {
            try {
                Path folder = Files.createTempDirectory("gatehouse-trust");
                return EmbeddedPostgres.start(EmbeddedPostgres.Options.in(folder));
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
        }
    }

    public final Vertx vertx = Vertx.vertx();
    public final Pool pool;

    private final Set<NetSocket> sockets = ConcurrentHashMap.newKeySet();
    private final EmbeddedPostgres.Database database;
    private volatile boolean away;

    public TestDatabase() {
        database = Server.POSTGRES.createDatabase("trust_" + numbers.incrementAndGet(), "gatehouse");
        Flyway.configure()
                .dataSource(database.jdbcUrl(), database.user(), database.password())
                .load()
                .migrate();
        NetServer relay =
                get(vertx.createNetServer().connectHandler(this::relay).listen(0, "127.0.0.1"));
        pool = PgBuilder.pool()
                .with(new PoolOptions()
                        .setMaxSize(8)
                        .setConnectionTimeout(5)
                        .setConnectionTimeoutUnit(TimeUnit.SECONDS))
                .connectingTo(new PgConnectOptions()
                        .setHost("127.0.0.1")
                        .setPort(relay.actualPort())
                        .setDatabase(database.name())
                        .setUser(database.user())
                        .setPassword(database.password()))
                .using(vertx)
                .build();
    }

    /** From now on every connection is cut at once. */
    public void away() {
        away = true;
        sockets.forEach(NetSocket::close);
    }

    public void back() {
        away = false;
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
        Server.POSTGRES.dropDatabase(database.name());
    }

    private void relay(NetSocket socket) {
        if (away) {
            socket.close();
            return;
        }
        socket.pause();
        sockets.add(socket);
        socket.closeHandler(closed -> sockets.remove(socket));
        vertx.createNetClient().connect(database.port(), "127.0.0.1").onComplete(connected -> {
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
