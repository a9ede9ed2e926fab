package dev.gatehouse.shared.trust;

import static dev.gatehouse.shared.trust.TestDatabase.failure;
import static dev.gatehouse.shared.trust.TestDatabase.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TopicsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static TestDatabase database;

    private final AtomicInteger loads = new AtomicInteger();
    private Topics topics;

    @BeforeAll
    static void start() {
        database = new TestDatabase();
    }

    @AfterAll
    static void stop() {
        database.close();
    }

    @BeforeEach
    void follow() {
        topics = new Topics(database.vertx, database.pool);
    }

    @AfterEach
    void stopPolling() {
        get(topics.stop());
    }

    @Test
    void loadsAtFirstAndAfterEachChangeOfItsTopicOnly() {
        topics.onChange(Topic.POLICIES, this::load);
        get(topics.start());
        assertThat(loads).hasValue(1);
        assertThat(topics.current()).isTrue();
        // WHEN another topic changes, and then this one
        bump(Topic.LOCKS);
        bump(Topic.POLICIES);
        // THEN it is loaded once more, and polls that find nothing new do nothing
        await().atMost(PATIENCE).until(() -> loads.get() == 2);
        Duration before = topics.age();
        await().atMost(PATIENCE)
                .until(() -> topics.age().compareTo(before) < 0 || topics.age().toMillis() < 400);
        assertThat(loads).hasValue(2);
    }

    @Test
    void aChangeThatWasRolledBackIsNone() {
        topics.onChange(Topic.POLICIES, this::load);
        get(topics.start());
        failure(database.pool.withTransaction(transaction ->
                Topics.bump(transaction, Topic.POLICIES).compose(bumped -> Future.failedFuture("changed my mind"))));
        bump(Topic.LOCKS);
        AtomicInteger locks = new AtomicInteger();
        topics.onChange(Topic.LOCKS, () -> {
            locks.incrementAndGet();
            return Future.succeededFuture();
        });
        await().atMost(PATIENCE).until(() -> locks.get() == 1);
        assertThat(loads).hasValue(1);
    }

    @Test
    void aListenerThatFailsIsAskedAgain() {
        topics.onChange(
                Topic.POLICIES,
                () -> loads.incrementAndGet() < 3 ? Future.failedFuture("not yet") : Future.succeededFuture());
        get(topics.start());
        assertThat(topics.current()).as("nothing was loaded").isFalse();
        await().atMost(PATIENCE).until(topics::current);
        assertThat(loads).hasValue(3);
    }

    @Test
    void whileTheDatabaseIsAwayTheViewStaysAndGrowsOld() {
        topics.onChange(Topic.POLICIES, this::load);
        get(topics.start());
        database.away();
        try {
            await().atMost(PATIENCE).until(() -> topics.age().compareTo(Duration.ofSeconds(2)) > 0);
            assertThat(topics.current()).isTrue();
            assertThat(loads).hasValue(1);
        } finally {
            database.back();
        }
        await().atMost(PATIENCE).until(() -> topics.age().compareTo(Duration.ofSeconds(1)) < 0);
        bump(Topic.POLICIES);
        await().atMost(PATIENCE).until(() -> loads.get() == 2);
    }

    @Test
    void theBusHastensAPoll() {
        Topics patient = new Topics(database.vertx, database.pool, Duration.ofHours(1));
        patient.onChange(Topic.POLICIES, this::load);
        get(patient.start());
        try {
            for (int i = 2; i < 10; i++) {
                int expected = i;
                bump(Topic.POLICIES);
                Topics.hasten(database.vertx);
                await().atMost(PATIENCE).until(() -> loads.get() == expected);
            }
        } finally {
            get(patient.stop());
        }
    }

    private Future<Void> load() {
        loads.incrementAndGet();
        return Future.succeededFuture();
    }

    private static void bump(Topic topic) {
        get(database.pool.withTransaction(transaction -> Topics.bump(transaction, topic)));
    }
}
