package dev.gatehouse.e2e.nemesis;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
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

    /**
     * A chunk that was acknowledged late.
     *
     * @param captured when its last event was
     */
    public record Late(String chunk, Instant captured, Duration by) {

        @Override
        public String toString() {
            return "chunk " + chunk + ", captured at " + captured + ", acknowledged " + by.toMillis() + " ms later";
        }
    }

    /** Of chunks whose last event was captured in that time, those that were acknowledged latest, the latest first. */
    public List<Late> latest(Instant from, Instant to, int most) {
        return captured.entrySet().stream()
                .filter(each -> !each.getValue().isBefore(from) && each.getValue().isBefore(to))
                .filter(each -> acknowledged.containsKey(each.getKey()))
                .map(each -> new Late(
                        each.getKey(),
                        each.getValue(),
                        Duration.between(each.getValue(), acknowledged.get(each.getKey()))))
                .sorted(Comparator.comparing(Late::by).reversed())
                .limit(most)
                .toList();
    }
}
