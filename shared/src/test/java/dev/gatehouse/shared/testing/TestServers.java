package dev.gatehouse.shared.testing;

import dev.gatehouse.embedded.EmbeddedPostgres;
import dev.gatehouse.embedded.EmbeddedRedis;
import dev.gatehouse.embedded.EmbeddedServer;
import dev.gatehouse.shared.postgres.Migrations;
import dev.gatehouse.shared.postgres.PostgresSettings;
import dev.gatehouse.shared.settings.HostPort;
import dev.gatehouse.shared.settings.SettingsLoader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** The PostgreSQL and the Redis of this JVM's tests, started when they are first wanted, ended with the JVM. Thread-safe. */
public final class TestServers {

    private static final String TEMPLATE = "gatehouse_template";
    private static final AtomicInteger databases = new AtomicInteger();

    private TestServers() {}

    /** Started once, with the migrated template database. */
    private static final class Postgres {

        static final EmbeddedPostgres SERVER = start();

        private static EmbeddedPostgres start() {
            Path folder = folder("postgres");
            EmbeddedPostgres server = EmbeddedPostgres.start(
                    EmbeddedPostgres.Options.in(folder).parameters(Map.of("fsync", "off", "max_connections", "300")));
            endWithTests(server, folder);
            execute(server, "create database " + TEMPLATE);
            Migrations.run(settings(server, TEMPLATE), Duration.ofSeconds(30));
            return server;
        }
    }

    /** Started once. */
    private static final class Redis {

        static final EmbeddedRedis SERVER = start();

        private static EmbeddedRedis start() {
            Path folder = folder("redis");
            EmbeddedRedis server = EmbeddedRedis.start(folder);
            endWithTests(server, folder);
            return server;
        }
    }

    public static HostPort redis() {
        return new HostPort(Redis.SERVER.host(), Redis.SERVER.port());
    }

    /** A new database with the newest schema, empty. */
    public static PostgresSettings newDatabase() {
        String name = "gatehouse_" + databases.incrementAndGet();
        create(name);
        return settings(Postgres.SERVER, name);
    }

    /** Fails while anybody is connected to it. */
    public static void dropDatabase(PostgresSettings settings) throws SQLException {
        try (Connection connection = Postgres.SERVER.admin().connect();
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

    /** One at a time: a template may have no other user meanwhile. */
    private static synchronized void create(String name) {
        execute(Postgres.SERVER, "create database " + name + " template " + TEMPLATE);
    }

    private static void execute(EmbeddedPostgres server, String sql) {
        try (Connection connection = server.admin().connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** How to reach a database of a server as its superuser. */
    public static PostgresSettings settings(EmbeddedPostgres server, String database) {
        EmbeddedPostgres.Database admin = server.admin();
        Map<String, String> values = Map.of(
                "hosts",
                admin.host() + ":" + admin.port(),
                "database",
                database,
                "user",
                admin.user(),
                "password",
                admin.password());
        return SettingsLoader.load(PostgresSettings.class, Optional.empty(), Map.of(), values);
    }

    static Path folder(String name) {
        try {
            return Files.createTempDirectory("gatehouse-test-" + name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Removes the folder when the JVM ends. */
    static Path endWithTests(Path folder) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
        return folder;
    }

    private static void endWithTests(EmbeddedServer server, Path folder) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            server.close();
            delete(folder);
        }));
    }

    /** Removes a folder and all that is in it. */
    static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
