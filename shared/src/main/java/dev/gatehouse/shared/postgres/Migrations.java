package dev.gatehouse.shared.postgres;

import dev.gatehouse.shared.settings.HostPort;
import dev.gatehouse.shared.settings.Secret;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings the schema to the version of this build: Flyway over JDBC, which is used for nothing else. Safe to run by many processes at once: one does it, the others wait. Blocks. */
public final class Migrations {

    private static final Logger log = LoggerFactory.getLogger(Migrations.class);

    /** Between attempts while the database is coming up. */
    private static final Duration PAUSE = Duration.ofMillis(250);

    /** Longest that a migration waits for a lock: others go on meanwhile. */
    private static final String LOCK_WAIT = "30s";

    private Migrations() {}

    /**
     * Waits until the database takes writes, at most {@code limit}, then migrates.
     *
     * @throws DatabaseAwayException if it did not
     */
    public static void run(PostgresSettings settings, Duration limit) {
        PGSimpleDataSource database = dataSource(settings, await(settings, limit));
        try {
            int count = Flyway.configure(Migrations.class.getClassLoader())
                    .dataSource(database)
                    .locations("classpath:db/migration")
                    .validateMigrationNaming(true)
                    // a newer release may have migrated already: services accept schema N and N+1
                    .ignoreMigrationPatterns("*:future")
                    .load()
                    .migrate()
                    .migrationsExecuted;
            log.info("Schema is up to date, {} migrations run", count);
        } catch (FlywayException e) {
            throw new IllegalStateException(
                    "the database " + where(settings) + " cannot be migrated: " + e.getMessage(), e);
        }
    }

    /** The node to write to. The driver's own choice would take an old primary for one, and remembers for ten seconds who was a standby. */
    private static HostPort await(PostgresSettings settings, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        PrimaryChoice choice = new PrimaryChoice();
        while (true) {
            Map<HostPort, HostAnswer> answers = new LinkedHashMap<>();
            Map<HostPort, String> troubles = new LinkedHashMap<>();
            SQLException last = null;
            int hopeless = 0;
            for (HostPort host : new LinkedHashSet<>(settings.hosts())) {
                try (Connection connection = dataSource(settings, host).getConnection()) {
                    answers.put(host, answer(connection));
                } catch (SQLException e) {
                    troubles.put(host, e.getMessage());
                    last = e;
                    hopeless += mayComeUp(e) ? 0 : 1;
                }
            }
            Optional<HostPort> chosen = choice.choose(answers);
            if (chosen.isPresent()) {
                return chosen.get();
            }
            NoPrimaryException none = NoPrimaryException.of(choice, answers, troubles);
            if (hopeless == troubles.size() + answers.size() || System.nanoTime() - deadline > 0) {
                throw new DatabaseAwayException(
                        "PostgreSQL at " + where(settings) + " does not take connections: " + none.getMessage(), last);
            }
            log.info("Waiting for PostgreSQL at {}: {}", where(settings), none.getMessage());
            pause();
        }
    }

    private static HostAnswer answer(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            try (ResultSet row = statement.executeQuery(HostAnswer.QUERY)) {
                row.next();
                return new HostAnswer(row.getBoolean(1), row.getLong(2), row.getLong(3));
            } catch (SQLException e) {
                try (ResultSet row = statement.executeQuery(HostAnswer.SHORT_QUERY)) {
                    row.next();
                    return new HostAnswer(row.getBoolean(1), 0, 0);
                }
            }
        }
    }

    /** Connection trouble (08), start and stop of the server (57P), too many connections (53): not a wrong password or database. */
    private static boolean mayComeUp(SQLException e) {
        String state = e.getSQLState() == null ? "08" : e.getSQLState();
        return state.startsWith("08") || state.startsWith("57P") || state.startsWith("53");
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DatabaseAwayException("interrupted while waiting for PostgreSQL", e);
        }
    }

    private static PGSimpleDataSource dataSource(PostgresSettings settings, HostPort host) {
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setServerNames(new String[] {host.host()});
        database.setPortNumbers(new int[] {host.port()});
        database.setDatabaseName(settings.database());
        database.setUser(settings.user());
        settings.password().map(Secret::value).ifPresent(database::setPassword);
        database.setConnectTimeout(seconds(settings.connectTimeout()));
        database.setLoginTimeout(seconds(settings.connectTimeout()));
        database.setTcpKeepAlive(true);
        database.setApplicationName("gatehouse-migrations");
        database.setOptions("-c lock_timeout=" + LOCK_WAIT);
        settings.caFile().ifPresent(file -> {
            database.setSslMode("verify-full");
            database.setSslRootCert(file.toString());
        });
        return database;
    }

    private static int seconds(Duration time) {
        return (int) Math.max(1, time.toSeconds());
    }

    private static String where(PostgresSettings settings) {
        return settings.hosts().stream().map(HostPort::toString).collect(Collectors.joining(", ")) + "/"
                + settings.database();
    }
}
