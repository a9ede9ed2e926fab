package dev.gatehouse.ingest.rollup;

import java.util.Comparator;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Sums of events by hour, agent, user, application and kind. A sum over single events: adding batches one after the other gives the same as adding all at once.
 *
 * <p>Pure; confined to one thread.
 */
public final class Rollup {

    static final long HOUR_MICROS = 3_600_000_000L;

    /** What events are summed by; {@code hour} is its start in microseconds since the epoch. */
    public record Key(long hour, UUID agentId, String user, String application, String kind) {

        /** One order for all workers: who upserts in it never waits for another in a circle. */
        static final Comparator<Key> ORDER = Comparator.comparingLong(Key::hour)
                .thenComparing(Key::agentId)
                .thenComparing(Key::user)
                .thenComparing(Key::application)
                .thenComparing(Key::kind);
    }

    /** How many events, and how long they took together. */
    public record Sum(long events, long durationMicros) {

        Sum plus(Sum other) {
            return new Sum(events + other.events, durationMicros + other.durationMicros);
        }
    }

    private final SortedMap<Key, Sum> sums = new TreeMap<>(Key.ORDER);

    /** @param time of the event, microseconds since the epoch */
    public void add(long time, UUID agentId, String user, String application, String kind, long durationMicros) {
        long hour = Math.floorDiv(time, HOUR_MICROS) * HOUR_MICROS;
        sums.merge(new Key(hour, agentId, user, application, kind), new Sum(1, durationMicros), Sum::plus);
    }

    /** In key order. */
    public SortedMap<Key, Sum> sums() {
        return sums;
    }
}
