package dev.gatehouse.shared.testing;

import dev.gatehouse.shared.postgres.Migrations;
import dev.gatehouse.shared.postgres.PostgresSettings;
import dev.gatehouse.shared.settings.HostPort;
import dev.gatehouse.shared.settings.SettingsLoader;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import redis.embedded.RedisServer;

/** The PostgreSQL and the Redis of this JVM's tests, started when they are first wanted, ended with the JVM. Thread-safe. */
public final class TestServers {

    private static final String TEMPLATE = "gatehouse_template";
    private static final AtomicInteger databases = new AtomicInteger();

    private TestServers() {}

    /** Started once, with the migrated template database. */
    private static final class Postgres {

        static final EmbeddedPostgres SERVER = start();

        private static EmbeddedPostgres start() {
            try {
                EmbeddedPostgres server = EmbeddedPostgres.builder()
                        .setServerConfig("fsync", "off")
                        .setServerConfig("max_connections", "300")
                        .setPGStartupWait(Duration.ofSeconds(60))
                        .start();
                try (Connection connection = server.getPostgresDatabase().getConnection();
                        Statement statement = connection.createStatement()) {
                    statement.execute("create database " + TEMPLATE);
                }
                Migrations.run(settings(server.getPort(), TEMPLATE), Duration.ofSeconds(30));
                return server;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Started once. */
    private static final class Redis {

        static final int PORT = start();

        private static int start() {
            try {
                int port = freePort();
                RedisServer server = RedisServer.newRedisServer()
                        .port(port)
                        .setting("bind 127.0.0.1")
                        .setting("save \"\"")
                        .build();
                server.start();
                Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server)));
                return port;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static void stop(RedisServer server) {
            try {
                server.stop();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    public static HostPort redis() {
        return new HostPort("127.0.0.1", Redis.PORT);
    }

    /** A new database with the newest schema, empty. */
    public static PostgresSettings newDatabase() {
        String name = "gatehouse_" + databases.incrementAndGet();
        execute("create database " + name + " template " + TEMPLATE);
        return settings(Postgres.SERVER.getPort(), name);
    }

    /** Fails while anybody is connected to it. */
    public static void dropDatabase(PostgresSettings settings) throws SQLException {
        try (Connection connection = Postgres.SERVER.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("drop database " + settings.database());
        }
    }

    /** A port that was free a moment ago. */
    public static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static synchronized void execute(String sql) {
        try (Connection connection = Postgres.SERVER.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private static PostgresSettings settings(int port, String database) {
        return SettingsLoader.load(
                PostgresSettings.class,
                Optional.empty(),
                Map.of(),
                Map.of("hosts", "127.0.0.1:" + port, "database", database, "user", "postgres"));
    }
}
