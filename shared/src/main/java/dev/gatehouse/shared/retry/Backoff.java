package dev.gatehouse.shared.retry;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long to wait before the next try: doubling from the first to the last, each time a random part of it. Confined to one thread. */
public final class Backoff {

    private final long firstMillis;
    private final long lastMillis;
    private final RandomGenerator random;
    private int failures;

    public Backoff(Duration first, Duration last, RandomGenerator random) {
        this.random = random;
        this.firstMillis = first.toMillis();
        this.lastMillis = last.toMillis();
    }

    /** Counts a failure; at least 1 ms, as Vert.x timers want it. */
    public long failedMillis() {
        long most = Math.min(lastMillis, firstMillis << Math.min(failures, 20));
        failures++;
        return random.nextLong(Math.max(1, most / 2), most + 1);
    }

    public void succeeded() {
        failures = 0;
    }

    /** Failures since the last success. */
    public int failures() {
        return failures;
    }
}
