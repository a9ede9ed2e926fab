package dev.gatehouse.gateway.choice;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Replicas to which dials have failed: each is left alone for a time that doubles with every failure in a row, and forgotten with a dial that succeeds or after {@link #MEMORY}. Bounded: the oldest are forgotten first.
 *
 * <p>Pure; guarded by whoever holds it.
 */
final class Ejections {

    static final Duration FIRST = Duration.ofSeconds(2);
    static final Duration LONGEST = Duration.ofMinutes(1);

    /** A failure longer ago says nothing of now. */
    static final Duration MEMORY = Duration.ofMinutes(5);

    private static final int MAX = 10_000;

    private record Key(String resource, UUID agentId) {}

    private record Failed(int times, long atNanos, String reason) {

        Duration pause() {
            long millis = FIRST.toMillis() << Math.min(times - 1, 16);
            return Duration.ofMillis(Math.min(millis, LONGEST.toMillis()));
        }
    }

    private final Map<Key, Failed> failed = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Failed> eldest) {
            return size() > MAX;
        }
    };

    void failed(String resource, UUID agentId, String reason, long nowNanos) {
        Key key = new Key(resource, agentId);
        Failed before = failed.remove(key);
        boolean fresh = before == null || nowNanos - before.atNanos() > MEMORY.toNanos();
        failed.put(key, new Failed(fresh ? 1 : before.times() + 1, nowNanos, reason));
    }

    void connected(String resource, UUID agentId) {
        failed.remove(new Key(resource, agentId));
    }

    /** Why it is left alone now, and for how long still; empty if it is not. */
    Optional<String> ejected(String resource, UUID agentId, long nowNanos) {
        Failed known = failed.get(new Key(resource, agentId));
        if (known == null) {
            return Optional.empty();
        }
        Duration left = known.pause().minusNanos(nowNanos - known.atNanos());
        return left.isNegative() || left.isZero()
                ? Optional.empty()
                : Optional.of("left alone for " + (left.toMillis() + 999) / 1000 + " s after " + known.times()
                        + (known.times() == 1 ? " failed dial: " : " failed dials: ") + known.reason());
    }
}
