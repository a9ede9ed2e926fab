package dev.gatehouse.shared.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class OrderedShutdownTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    private final List<String> taken = Collections.synchronizedList(new ArrayList<>());
    private final OrderedShutdown shutdown = new OrderedShutdown(LONG);

    @Test
    void takesTheLastAddedFirstAndOneAfterTheOther() {
        Promise<Void> slow = Promise.promise();
        shutdown.add("close", LONG, step("close"));
        shutdown.add("drain", LONG, () -> {
            taken.add("drain begun");
            CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS).execute(() -> {
                taken.add("drain done");
                slow.complete();
            });
            return slow.future();
        });
        assertThat(shutdown.run()).isEmpty();
        assertThat(taken).containsExactly("drain begun", "drain done", "close");
    }

    @Test
    void aStepThatHangsOrFailsKeepsNoOtherFromBeingTaken() {
        shutdown.add("last", LONG, step("last"));
        shutdown.add("throws", LONG, () -> {
            throw new IllegalStateException("on purpose");
        });
        shutdown.add("fails", LONG, () -> Future.failedFuture("on purpose"));
        shutdown.add(
                "hangs", Duration.ofMillis(50), () -> Promise.<Void>promise().future());
        assertThat(shutdown.run()).containsExactly("hangs", "fails", "throws");
        assertThat(taken).containsExactly("last");
    }

    @Test
    void allStepsTogetherAreBounded() {
        OrderedShutdown brief = new OrderedShutdown(Duration.ofMillis(100));
        brief.add("begun all the same", LONG, step("begun"));
        brief.add("one", LONG, () -> Promise.<Void>promise().future());
        brief.add("two", LONG, () -> Promise.<Void>promise().future());
        long begun = System.nanoTime();
        assertThat(brief.run()).contains("one", "two");
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
        assertThat(taken).containsExactly("begun");
    }

    @Test
    void whoeverCallsAgainWaitsForTheFirst() throws Exception {
        // GIVEN a shutdown that is within its only step
        CountDownLatch within = new CountDownLatch(1);
        Promise<Void> step = Promise.promise();
        shutdown.add("step", LONG, () -> {
            taken.add("step");
            within.countDown();
            return step.future();
        });
        CompletableFuture<List<String>> first = CompletableFuture.supplyAsync(shutdown::run);
        within.await();
        // WHEN it is asked for again
        CompletableFuture<List<String>> second = CompletableFuture.supplyAsync(shutdown::run);
        assertThat(second).isNotDone();
        step.complete();
        // THEN both end with the one run
        assertThat(first.get()).isEmpty();
        assertThat(second.get()).isEmpty();
        assertThat(taken).containsExactly("step");
    }

    @Test
    void whatIsAddedTooLateIsDoneAtOnce() {
        shutdown.run();
        shutdown.add("late", LONG, step("late"));
        assertThat(taken).containsExactly("late");
    }

    private Supplier<Future<Void>> step(String name) {
        return () -> {
            taken.add(name);
            return Future.succeededFuture();
        };
    }
}
