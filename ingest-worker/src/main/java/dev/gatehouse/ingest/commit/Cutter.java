package dev.gatehouse.ingest.commit;

import java.time.Duration;

/**
 * Decides when what waits is cut into a commit, and of which kind.
 *
 * <p>Little goes inline at once, so that an ack takes one commit. Inline bytes are written several times over by the database; they are paced, and what gathers meanwhile grows into a segment. A segment waits a
 * moment for more, since each one costs an object, unless there is much already.
 *
 * <p>Pure; times are {@link System#nanoTime()} values. Confined to one thread.
 */
final class Cutter {

    /** What to do with what waits. */
    enum Decision {
        WAIT,
        INLINE,
        SEGMENT
    }

    /** How long a segment waits for more. */
    static final long LINGER = Duration.ofMillis(20).toNanos();

    /** A segment of so many bytes waits for nothing. */
    static final long ENOUGH = 4 * 1024 * 1024;

    /** Bytes that may go inline in a second. */
    static final long INLINE_RATE = 4 * 1024 * 1024;

    private final CommitLimits limits;
    private long inlineFrom;
    private boolean paced;

    Cutter(CommitLimits limits) {
        this.limits = limits;
    }

    Decision decide(long bytes, long oldestAt, int uploads, boolean inlineInFlight, long now) {
        if (bytes == 0) {
            return Decision.WAIT;
        }
        if (bytes < limits.inlineBelow()) {
            return !inlineInFlight && paceLeft(now) <= 0 ? Decision.INLINE : Decision.WAIT;
        }
        boolean due = bytes >= ENOUGH || now - oldestAt >= LINGER;
        return due && uploads < limits.uploads() ? Decision.SEGMENT : Decision.WAIT;
    }

    /** How long until time alone can change the decision; {@link Long#MAX_VALUE} if it cannot. */
    long wait(long bytes, long oldestAt, int uploads, boolean inlineInFlight, long now) {
        if (bytes == 0) {
            return Long.MAX_VALUE;
        }
        if (bytes < limits.inlineBelow()) {
            return inlineInFlight ? Long.MAX_VALUE : Math.max(0, paceLeft(now));
        }
        return uploads < limits.uploads() ? Math.max(0, LINGER - (now - oldestAt)) : Long.MAX_VALUE;
    }

    /** An inline commit was cut: the next one only after its bytes are paid for. */
    void cutInline(long bytes, long now) {
        inlineFrom = now + bytes * Duration.ofSeconds(1).toNanos() / INLINE_RATE;
        paced = true;
    }

    private long paceLeft(long now) {
        return paced ? inlineFrom - now : 0;
    }
}
