package dev.gatehouse.protocol.tunnel;

/**
 * How large a receiver's window is: it begins at {@link #FIRST} and doubles when a round trip has filled it, as long as that makes the stream faster or the window holds less than {@link #HELD} of it. So a window grows to what is on its way on a long path, covers a host that is busy now and then, and a stream that is slow elsewhere queues up little.
 *
 * <p>Pure; confined to its tunnel's context. The round trip is measured end to end: a probe goes out with WINDOW and is echoed at once.
 */
final class WindowGrowth {

    static final long FIRST = 256 * 1024;
    static final long MOST = 16L * 1024 * 1024;

    /** A window that was filled to this part in a round trip may have been what bounds the stream. */
    private static final double FILLED = 2.0 / 3;

    /** A larger window has to pay: by so much at least. */
    private static final double FASTER = 1.05;

    /** So much of a stream may be on its way or in queues, in nanoseconds, though it does not make it faster. */
    static final double HELD = 100e6;

    private final WindowBudget budget;
    private long window = FIRST;
    private double best; // bytes per nanosecond
    private int lastProbe;
    private boolean waiting;
    private long probedAt;
    private long receivedThen;
    private long roundTrip = -1;

    WindowGrowth(WindowBudget budget) {
        this.budget = budget;
        budget.takeAnyway(FIRST);
    }

    long window() {
        return window;
    }

    /** Nanoseconds of the last measured round trip; -1 before the first. */
    long roundTripNanos() {
        return roundTrip;
    }

    /** The probe to go out with a WINDOW that is sent now; 0 while one is on its way. */
    int probe(long received, long now) {
        if (waiting) {
            return 0;
        }
        waiting = true;
        probedAt = now;
        receivedThen = received;
        lastProbe = lastProbe == Integer.MAX_VALUE ? 1 : lastProbe + 1;
        return lastProbe;
    }

    void echoed(int echo, long received, long now) {
        if (!waiting || echo != lastProbe) {
            return;
        }
        waiting = false;
        roundTrip = Math.max(1, now - probedAt);
        long bytes = received - receivedThen;
        double rate = (double) bytes / roundTrip;
        boolean faster = rate > best * FASTER;
        if (bytes >= window * FILLED && (faster || window < rate * HELD)) {
            best = Math.max(best, rate);
            window += budget.take(Math.min(window, MOST - window));
        }
    }

    /** The tunnel goes another way: what is on its way is lost, and another window may be the right one. */
    void moved() {
        waiting = false;
        best = 0;
    }

    void close() {
        budget.giveBack(window);
        window = 0;
    }
}
