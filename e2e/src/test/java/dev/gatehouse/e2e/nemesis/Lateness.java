package dev.gatehouse.e2e.nemesis;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;

/** How late what was captured has been acknowledged: a ledger has the time of each chunk's acknowledgement, the events in it have theirs. Pure; confined to one thread. */
public final class Lateness {

    private final Map<String, Instant> captured = new HashMap<>();
    private final Map<String, Instant> acknowledged = new HashMap<>();

    /** @param chunk any name of its own */
    public void event(String chunk, Instant time) {
        captured.merge(chunk, time, (one, other) -> one.isAfter(other) ? one : other);
    }

    public void ack(String chunk, Instant time) {
        acknowledged.put(chunk, time);
    }

    /** Of chunks whose last event was captured in that time, the longest; zero if there is none. */
    public Duration most(Instant from, Instant to) {
        return captured.entrySet().stream()
                .filter(each -> !each.getValue().isBefore(from) && each.getValue().isBefore(to))
                .filter(each -> acknowledged.containsKey(each.getKey()))
                .map(each -> Duration.between(each.getValue(), acknowledged.get(each.getKey())))
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }
}
