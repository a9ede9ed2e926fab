package dev.gatehouse.shared.status;

import static dev.gatehouse.shared.testing.TestNode.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.shared.status.Health.Effect;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class NodeHealthTest {

    private static final Duration LIMIT = Duration.ofMillis(100);
    private static final Vertx vertx = Vertx.vertx();

    private final NodeHealth health = new NodeHealth(vertx);

    @AfterAll
    static void close() {
        get(vertx.close());
    }

    @Test
    void isNotReadyBeforeItHasStartedAndAfterItDrains() {
        health.register("fine", Effect.DOWN, LIMIT, Future::succeededFuture);
        assertThat(verdict().down()).containsExactly("starting");
        health.started();
        assertThat(verdict().ready()).isTrue();
        health.draining();
        assertThat(verdict().down()).containsExactly("draining");
        health.started();
        assertThat(verdict().down()).containsExactly("draining");
    }

    @Test
    void aFailedCheckMakesItDownOrOnlyDegraded() {
        health.started();
        health.register("redis", Effect.DEGRADED, LIMIT, () -> Future.failedFuture("connection refused"));
        assertThat(verdict().ready()).isTrue();
        assertThat(verdict().degraded()).containsExactly("redis: connection refused");
        assertThat(verdict().checks().getString("outcome")).isEqualTo("UP");
        health.register("postgres", Effect.DOWN, LIMIT, () -> {
            throw new IllegalStateException("no pool");
        });
        assertThat(verdict().down()).containsExactly("postgres: no pool");
        assertThat(verdict().degraded()).containsExactly("redis: connection refused");
        assertThat(verdict().checks().getString("outcome")).isEqualTo("DOWN");
    }

    @Test
    void aCheckThatDoesNotAnswerFails() {
        health.started();
        health.register(
                "hangs", Effect.DEGRADED, LIMIT, () -> Promise.<Void>promise().future());
        assertThat(verdict().degraded()).containsExactly("hangs: no answer within 100 ms");
    }

    @Test
    void checksRunOnceHoweverOftenTheyAreAskedFor() {
        AtomicInteger runs = new AtomicInteger();
        health.register("counted", Effect.DOWN, LIMIT, () -> {
            runs.incrementAndGet();
            return Future.succeededFuture();
        });
        for (int i = 0; i < 100; i++) {
            verdict();
        }
        // a second may pass within a hundred turns of a slow machine, a hundred cannot
        assertThat(runs.get()).isBetween(1, 5);
    }

    private NodeHealth.Verdict verdict() {
        return get(health.verdict());
    }
}
