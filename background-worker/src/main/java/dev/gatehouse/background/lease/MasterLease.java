package dev.gatehouse.background.lease;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * What one background-worker knows of the master's lease: under which epoch it may act, and until when.
 *
 * <p>Pure: told answers and times, no I/O. Times are {@link System#nanoTime()} of this process; the lease itself is kept by the database's clock, so only durations cross over. Confined to its verticle's context.
 */
final class MasterLease {

    /** For how long the database grants the lease. */
    static final Duration TTL = Duration.ofSeconds(4);

    /** Between two renewals by the holder, or two attempts by the others. */
    static final Duration PERIOD = Duration.ofSeconds(1);

    /** The holder stops this much before the database lets another in: covers clocks of different rates and a stalled thread. */
    static final Duration MARGIN = Duration.ofMillis(500);

    /** The lease as the database answered. {@code remaining} was true at some time after the question was asked. */
    record Answer(String holder, long epoch, Duration remaining) {}

    private final String self;
    private OptionalLong epoch = OptionalLong.empty();
    private long untilNanos;

    MasterLease(String self) {
        this.self = self;
    }

    /** Takes an answer. The hold counts from the asking: however long the answer took, the database has granted no more than that. */
    void answered(Answer answer, long askedAtNanos) {
        if (answer.holder().equals(self)) {
            epoch = OptionalLong.of(answer.epoch());
            untilNanos = askedAtNanos + answer.remaining().minus(MARGIN).toNanos();
        } else {
            epoch = OptionalLong.empty();
        }
    }

    /** The epoch to put into each of the master's writes; empty while this process must not act as master. No answer changes nothing: the hold runs out by itself. */
    OptionalLong epoch(long nowNanos) {
        return epoch.isPresent() && untilNanos - nowNanos > 0 ? epoch : OptionalLong.empty();
    }
}
