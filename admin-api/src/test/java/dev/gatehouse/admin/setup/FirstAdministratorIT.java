package dev.gatehouse.admin.setup;

import static dev.gatehouse.shared.testing.TestNode.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.shared.audit.Audit;
import dev.gatehouse.shared.cluster.Role;
import dev.gatehouse.shared.people.Passwords;
import dev.gatehouse.shared.people.People;
import dev.gatehouse.shared.testing.TestNode;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Transaction;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FirstAdministratorIT {

    @TempDir
    Path folder;

    @Test
    void isMadeThoughTheConnectionIsLost() {
        try (TestNode node = TestNode.start(Role.ADMIN_API)) {
            Pool postgres = node.node().postgres();
            Passwords passwords = new Passwords(node.node().vertx());
            // GIVEN a transaction that waits for another
            SqlConnection other = get(postgres.getConnection());
            Transaction held = get(other.begin());
            get(other.query("lock table person in share mode").execute());
            Future<Boolean> made = new FirstAdministrator("admin", folder.resolve("password"))
                    .create(node.node().vertx(), new People(postgres, passwords, new Audit("test")));
            // WHEN the database ends it
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> get(postgres.query(
                                                    "select pg_terminate_backend(pid) from pg_stat_activity"
                                                            + " where wait_event_type = 'Lock' and datname = current_database()")
                                            .execute())
                                    .size()
                            == 1);
            get(held.rollback().otherwiseEmpty());
            get(other.close());
            // THEN it is made all the same
            assertThat(get(made)).isTrue();
            assertThat(get(postgres.query("select from person").execute())).hasSize(1);
            get(passwords.close());
        }
    }
}
