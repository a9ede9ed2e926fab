package dev.gatehouse.shared.audit;

import static dev.gatehouse.shared.trust.TestDatabase.failure;
import static dev.gatehouse.shared.trust.TestDatabase.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.shared.trust.TestDatabase;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AuditIT {

    private static TestDatabase database;

    private final Audit audit = new Audit("node-1");

    @BeforeAll
    static void start() {
        database = new TestDatabase();
    }

    @AfterAll
    static void stop() {
        database.close();
    }

    @BeforeEach
    void empty() {
        database.query("delete from audit");
    }

    @Test
    void saysWhoDidWhatToWhatFromWhere() {
        Audit.Entry entry =
                Audit.Entry.done("ann", "192.0.2.5", "agent.revoke", "agent-7").with("reason", "lost");
        get(audit.record(database.pool, entry));
        get(audit.record(database.pool, entry.refused("not allowed")));
        assertThat(
                        database
                                .query(
                                        "select node, actor, remote, action, target, outcome, detail from audit order by id")
                                .stream()
                                .map(Row::toJson)
                                .map(Object::toString))
                .containsExactly(
                        "{\"node\":\"node-1\",\"actor\":\"ann\",\"remote\":\"192.0.2.5\",\"action\":\"agent.revoke\","
                                + "\"target\":\"agent-7\",\"outcome\":\"done\",\"detail\":{\"reason\":\"lost\"}}",
                        "{\"node\":\"node-1\",\"actor\":\"ann\",\"remote\":\"192.0.2.5\",\"action\":\"agent.revoke\","
                                + "\"target\":\"agent-7\",\"outcome\":\"refused\",\"detail\":{\"reason\":\"not allowed\"}}");
    }

    @Test
    void isThereOnlyWithWhatItTellsOf() {
        failure(database.pool.withTransaction(
                transaction -> audit.record(transaction, Audit.Entry.done("ann", "", "agent.revoke", "agent-7"))
                        .compose(recorded -> Future.failedFuture("the database went away"))));
        assertThat(database.count("select count(*) from audit")).isZero();
    }

    @Test
    void takesWhateverOthersHaveTyped() {
        get(audit.record(database.pool, Audit.Entry.done("a\0b" + "x".repeat(10_000), "", "login", "\ud800")));
        assertThat(database.query("select actor from audit").getFirst().getString(0))
                .startsWith("a?bx")
                .hasSize(Audit.MAX_TEXT);
    }
}
