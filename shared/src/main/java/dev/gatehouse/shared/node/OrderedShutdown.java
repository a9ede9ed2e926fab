package dev.gatehouse.shared.node;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The shutdown of a process: runs its steps on the thread that calls {@link #run()} and waits for each. It can be run once; whoever calls it again waits for the end of the first run.
 *
 * <p>A step that fails or takes too long is named in the log and does not keep the next from being taken. Thread-safe.
 */
public final class OrderedShutdown implements Shutdown {

    private static final Logger log = LoggerFactory.getLogger(OrderedShutdown.class);

    private record Step(String name, Duration limit, Supplier<Future<Void>> action) {}

    private final Duration total;
    private final Deque<Step> steps = new ArrayDeque<>();
    private final CompletableFuture<List<String>> ended = new CompletableFuture<>();
    private boolean running;

    /**
     * @param total all steps together take at most this; those that come later then get no time, but are begun
     */
    public OrderedShutdown(Duration total) {
        this.total = total;
    }

    @Override
    public void add(String name, Duration limit, Supplier<Future<Void>> action) {
        synchronized (this) {
            if (!running) {
                steps.push(new Step(name, limit, action));
                return;
            }
        }
        log.info("Shutdown has begun: \"{}\" is done at once", name);
        take(new Step(name, limit, action), limit);
    }

    /** Takes all steps, the last added first. Blocks: never on an event loop. Answers the names of steps that failed or took too long. */
    public List<String> run() {
        boolean first;
        synchronized (this) {
            first = !running;
            running = true;
        }
        return first ? takeAll(List.copyOf(steps)) : ended.join();
    }

    private List<String> takeAll(List<Step> ordered) {
        long deadline = System.nanoTime() + total.toNanos();
        List<String> bad = new ArrayList<>();
        for (Step step : ordered) {
            Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
            if (!take(step, step.limit().compareTo(left) < 0 ? step.limit() : left)) {
                bad.add(step.name());
            }
        }
        ended.complete(List.copyOf(bad));
        return ended.join();
    }

    private static boolean take(Step step, Duration limit) {
        long begun = System.nanoTime();
        try {
            step.action().get().toCompletionStage().toCompletableFuture().get(limit.toNanos(), TimeUnit.NANOSECONDS);
            log.info("Shutdown: {} ({} ms)", step.name(), (System.nanoTime() - begun) / 1_000_000);
            return true;
        } catch (TimeoutException e) {
            log.warn("Shutdown: {} not done within {} ms, going on", step.name(), limit.toMillis());
        } catch (ExecutionException e) {
            log.warn("Shutdown: {} failed, going on", step.name(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            log.warn("Shutdown: {} interrupted, going on", step.name());
        } catch (RuntimeException e) {
            log.warn("Shutdown: {} failed, going on", step.name(), e);
        }
        return false;
    }
}
