package dev.gatehouse.e2e.simulation;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.UUID;

/** Virtual time, one source of chance, and what is to happen: the next step is the one with the smallest time, of equals the one that was planned first. */
final class Clock {

    static final long MILLI = 1_000_000;
    static final long SECOND = 1000 * MILLI;

    private record Event(long at, long number, Runnable action) {}

    final Random random;
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::number));
    private final boolean traced;
    private long now = SECOND;
    private long planned;
    private long steps;

    Clock(long seed, boolean traced) {
        this.random = new Random(seed);
        this.traced = traced;
    }

    long now() {
        return now;
    }

    long steps() {
        return steps;
    }

    void after(long nanos, Runnable action) {
        events.add(new Event(now + nanos, planned++, action));
    }

    void step() {
        Event next = events.remove();
        now = next.at;
        steps++;
        next.action.run();
    }

    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    /** Mostly near the shortest, now and then near the longest. */
    long between(long shortest, long longest) {
        double share = random.nextDouble();
        return shortest + (long) ((longest - shortest) * share * share * share);
    }

    UUID id() {
        return new UUID(random.nextLong(), random.nextLong());
    }

    @SuppressWarnings("AnnotateFormatMethod") // its annotation would need one more library
    void trace(String what, Object... arguments) {
        if (traced) {
            System.out.printf("%6d %10.6f s  %s%n", steps, (double) now / SECOND, String.format(what, arguments));
        }
    }

    /** What must never be. */
    static final class Violation extends RuntimeException {
        private static final long serialVersionUID = 1;

        Violation(String what) {
            super(what);
        }
    }

    @SuppressWarnings("AnnotateFormatMethod") // as above
    static void require(boolean holds, String what, Object... arguments) {
        if (!holds) {
            throw new Violation(String.format(what, arguments));
        }
    }
}
