package dev.gatehouse.agent.uplink;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * When a slot may dial again: full jitter over a time that doubles from {@link #FIRST} to {@link #LONGEST}, never before what the gateway has asked for.
 *
 * <p>Pure; confined to its slot.
 */
public final class Redial {

    public static final Duration FIRST = Duration.ofMillis(200);
    public static final Duration LONGEST = Duration.ofSeconds(30);

    /** A link that has held for so long makes the count start afresh. */
    public static final Duration HELD = Duration.ofSeconds(20);

    private static final int MAX_DOUBLINGS = 20;

    private final RandomGenerator random;
    private int failures;

    public Redial(RandomGenerator random) {
        this.random = random;
    }

    /** A dial has failed, or its link has gone. @return how long to wait */
    public Duration failed(Duration held, Duration asked) {
        failures = held.compareTo(HELD) >= 0 ? 0 : failures;
        Duration most = FIRST.multipliedBy(1L << Math.min(failures, MAX_DOUBLINGS));
        most = most.compareTo(LONGEST) > 0 ? LONGEST : most;
        failures++;
        return asked.isZero() ? Duration.ofMillis(random.nextLong(most.toMillis() + 1)) : spread(asked);
    }

    /** What was asked for is asked of many: they must not come back together. */
    Duration spread(Duration asked) {
        return asked.plusMillis(random.nextLong(asked.toMillis() / 4 + FIRST.toMillis()));
    }

    int failures() {
        return failures;
    }
}
