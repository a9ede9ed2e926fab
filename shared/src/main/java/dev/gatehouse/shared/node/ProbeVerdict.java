package dev.gatehouse.shared.node;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/**
 * Whether the bus still works for this node, by what became of its probes: it does not when none has come back for {@link #LIMIT} while others were there, and every other, or two of them, had a part in that. Pure; times are {@link System#nanoTime()} values. Confined to one thread.
 *
 * <p>One other that is frozen or cut off must not make everybody doubt themselves: with more than one other, two must fail; with one, it leaves the membership before the limit.
 */
final class ProbeVerdict {

    /** Longer than the heartbeat limit after which a dead member has left. */
    static final Duration LIMIT = Duration.ofSeconds(15);

    private static final int ENOUGH = 2;

    private final Set<String> failedWith = new HashSet<>();
    private final Duration limit;
    private long goodAt;

    /** @param limit {@link #LIMIT}, or longer where members take longer to leave */
    ProbeVerdict(Duration limit, long now) {
        this.limit = limit;
        this.goodAt = now;
    }

    /** Nobody else is there: nothing can be said, and what was before does not count any more. */
    void alone(long now) {
        succeeded(now);
    }

    void succeeded(long now) {
        goodAt = now;
        failedWith.clear();
    }

    /**
     * @param others how many there are besides this node
     * @return whether this node is sick
     */
    boolean failed(String other, int others, long now) {
        failedWith.add(other);
        return now - goodAt >= limit.toNanos() && failedWith.size() >= Math.min(ENOUGH, others);
    }
}
