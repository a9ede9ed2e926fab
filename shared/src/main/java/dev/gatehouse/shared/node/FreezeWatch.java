package dev.gatehouse.shared.node;

import java.time.Duration;

/** Notices that this process stood still for longer than others wait for it: they have gone on without it. Pure; times are {@link System#nanoTime()} values. Confined to one thread. */
final class FreezeWatch {

    private final Duration limit;
    private long seenAt;
    private boolean others;

    /** @param limit after which a silent member has left */
    FreezeWatch(Duration limit, long now) {
        this.limit = limit;
        this.seenAt = now;
    }

    /**
     * To be called about each second.
     *
     * @param othersNow whether there are other members now
     * @return for how long the process stood still while there were others; zero if that is short enough
     */
    Duration tick(boolean othersNow, long now) {
        Duration gap = Duration.ofNanos(now - seenAt);
        boolean missed = others && gap.compareTo(limit) > 0;
        seenAt = now;
        others = othersNow;
        return missed ? gap : Duration.ZERO;
    }
}
