package dev.gatehouse.shared.testing;

import static org.awaitility.Awaitility.await;

import dev.gatehouse.embedded.EmbeddedPostgres;
import dev.gatehouse.embedded.EmbeddedPostgres.Database;
import dev.gatehouse.shared.postgres.PostgresSettings;
import dev.gatehouse.shared.settings.SettingsLoader;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** A PostgreSQL and a streaming standby, which has each commit before it is acknowledged ({@code synchronous_standby_names}); a database with an ordinary role as its owner. */
public final class PostgresPair implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final EmbeddedPostgres primary;
    private final EmbeddedPostgres standby;
    private final Database database;

    private PostgresPair(EmbeddedPostgres primary, EmbeddedPostgres standby, Database database) {
        this.primary = primary;
        this.standby = standby;
        this.database = database;
    }

    /** Returns when commits wait for the standby. */
    public static PostgresPair start(Path folder) {
        EmbeddedPostgres primary = EmbeddedPostgres.start(folder.resolve("primary"));
        EmbeddedPostgres standby = null;
        try {
            Database database = primary.createDatabase("gatehouse", "gatehouse");
            standby = EmbeddedPostgres.standbyOf(primary, EmbeddedPostgres.Options.in(folder.resolve("standby")));
            standby.restart();
            PostgresPair pair = new PostgresPair(primary, standby, database);
            pair.ask(primary, "alter system set synchronous_standby_names = 'standby'");
            pair.ask(primary, "select pg_reload_conf()");
            await().atMost(PATIENCE)
                    .until(() -> pair.ask(primary, "select sync_state from pg_stat_replication")
                            .equals("sync"));
            return pair;
        } catch (RuntimeException | AssertionError e) {
            if (standby != null) {
                standby.close();
            }
            primary.close();
            throw e;
        }
    }

    public EmbeddedPostgres primary() {
        return primary;
    }

    public EmbeddedPostgres standby() {
        return standby;
    }

    /** The hosts, the first of them first. */
    public PostgresSettings settings(EmbeddedPostgres first, EmbeddedPostgres second) {
        return SettingsLoader.load(
                PostgresSettings.class,
                Optional.empty(),
                Map.of(),
                Map.of(
                        "hosts", first.host() + ":" + first.port() + "," + second.host() + ":" + second.port(),
                        "database", database.name(),
                        "user", database.user(),
                        "password", database.password()));
    }

    /** Makes the standby a primary; returns when it is one. */
    public void promote() {
        ask(standby, "select pg_promote(true)");
    }

    /** The first value of the first row as text, as superuser in the database of the pair; empty if there is none. */
    public String ask(EmbeddedPostgres server, String sql) {
        Database admin = server.admin();
        return value(new Database(admin.host(), admin.port(), database.name(), admin.user(), admin.password()), sql);
    }

    private static String value(Database where, String sql) {
        try (Connection connection = where.connect();
                Statement statement = connection.createStatement()) {
            if (!statement.execute(sql)) {
                return "";
            }
            try (ResultSet rows = statement.getResultSet()) {
                return rows.next() ? String.valueOf(rows.getString(1)) : "";
            }
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    @Override
    public void close() {
        standby.close();
        primary.close();
    }
}
