package dev.gatehouse.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresIT {

    @TempDir
    Path folder;

    @Test
    void keepsWhatWasCommittedOverSigkill() throws SQLException {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(folder)) {
            // GIVEN a committed row, and a connection that is still open
            EmbeddedPostgres.Database database = postgres.createDatabase("things", "keeper");
            try (Connection connection = database.connect();
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE TABLE thing (name text)");
                statement.execute("INSERT INTO thing VALUES ('kept')");
                // WHEN everything of the server is killed
                postgres.kill();
            }
            postgres.restart();
            // THEN it is there, and the same credentials are good
            assertThat(one(database, "SELECT name FROM thing")).isEqualTo("kept");
            assertThat(postgres.createDatabase("things", "keeper")).isEqualTo(database);
            assertThat(database.toString()).doesNotContain(database.password());
        }
    }

    @Test
    void anOpenDatabaseIsOpenToItsOwnerAndNothingElseIs() throws SQLException {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(folder)) {
            EmbeddedPostgres.Database closed = postgres.createDatabase("secrets", "keeper");
            EmbeddedPostgres.Database open = postgres.createOpenDatabase("demo", "demo");
            assertThat(postgres.createOpenDatabase("demo", "demo")).isEqualTo(open);
            assertThat(one(as(open, "demo", ""), "SELECT current_user")).isEqualTo("demo");
            assertThatThrownBy(() -> one(as(open, "keeper", ""), "SELECT 1")).isInstanceOf(SQLException.class);
            assertThatThrownBy(() -> one(as(closed, "demo", open.password()), "SELECT 1"))
                    .isInstanceOf(SQLException.class);
            assertThatThrownBy(() -> one(as(closed, "demo", ""), "SELECT 1")).isInstanceOf(SQLException.class);
        }
    }

    private static EmbeddedPostgres.Database as(EmbeddedPostgres.Database database, String user, String password) {
        return new EmbeddedPostgres.Database(database.host(), database.port(), database.name(), user, password);
    }

    @Test
    void isDurableSpeaksUtf8AndListensOnLoopbackOnly() throws SQLException {
        EmbeddedPostgres.Options options =
                EmbeddedPostgres.Options.in(folder).parameters(Map.of("shared_buffers", "64MB"));
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(options)) {
            EmbeddedPostgres.Database admin = postgres.admin();
            assertThat(one(admin, "SELECT version()")).startsWith("PostgreSQL 18.");
            assertThat(one(admin, "SHOW fsync")).isEqualTo("on");
            assertThat(one(admin, "SHOW synchronous_commit")).isEqualTo("on");
            assertThat(one(admin, "SHOW max_connections")).isEqualTo("200");
            assertThat(one(admin, "SHOW listen_addresses")).isEqualTo("127.0.0.1");
            assertThat(one(admin, "SHOW shared_buffers")).isEqualTo("64MB");
            assertThat(one(admin, "SHOW server_encoding")).isEqualTo("UTF8");
            assertThat(one(admin, "SELECT 'ÄRGER' ILIKE '%ärger%'")).isEqualTo("t");
        }
    }

    @Test
    void wantsThePasswordOfTheRole() throws SQLException, IOException {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(folder)) {
            EmbeddedPostgres.Database one = postgres.createDatabase("one", "first");
            EmbeddedPostgres.Database two = postgres.createDatabase("two", "second");
            assertThatThrownBy(() -> DriverManager.getConnection(one.jdbcUrl(), one.user(), two.password()))
                    .hasMessageContaining("password authentication failed");
            assertThatThrownBy(() -> DriverManager.getConnection(one.jdbcUrl(), two.user(), two.password()))
                    .hasMessageContaining("permission denied for database");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("first.password"))))
                    .isEqualTo("rw-------");
            assertThatThrownBy(() -> postgres.createDatabase("x; DROP ROLE first", "first"))
                    .isInstanceOf(EmbeddedException.class);

            postgres.dropDatabase("two");
            assertThatThrownBy(two::connect).hasMessageContaining("does not exist");
        }
    }

    @Test
    void beginsAnewWhenInitdbWasCutOff() throws IOException {
        Files.createDirectories(folder.resolve("data.new/base"));
        Files.writeString(folder.resolve("data.new/PG_VERSION"), "18\n");
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(folder)) {
            assertThat(postgres.isRunning()).isTrue();
            assertThat(folder.resolve("data.new")).doesNotExist();
        }
    }

    @Test
    void runsAsNobodyWhereUserNamespacesAreRefusedAndBack() throws SQLException {
        assumeTrue(RunAs.ownUid() == 0, "only root has to become somebody else");
        for (RunAs runAs : new RunAs[] {RunAs.nobody(), RunAs.here(), RunAs.nobody()}) {
            try (EmbeddedPostgres postgres = EmbeddedPostgres.start(EmbeddedPostgres.Options.in(folder), runAs)) {
                assertThat(one(postgres.createDatabase("same", "same"), "SELECT 1"))
                        .isEqualTo("1");
            }
        }
    }

    private static String one(EmbeddedPostgres.Database database, String query) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            assertThat(rows.next()).isTrue();
            return rows.getString(1);
        }
    }
}
