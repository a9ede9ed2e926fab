package dev.gatehouse.gateway.agentlink;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/** How many links and handshakes one gateway takes at once, and when those beyond may come back. Thread-safe. */
final class Admission {

    /** Between these an agent that was turned away is told to wait, at random, so that a fleet doesn't come back at once. */
    private static final int RETRY_FROM_MILLIS = 1_000;

    private static final int RETRY_TO_MILLIS = 5_000;

    private final int maxHandshakes;
    private final int maxLinks;
    private final AtomicInteger handshakes = new AtomicInteger();
    private final AtomicInteger links = new AtomicInteger();

    Admission(int maxHandshakes, int maxLinks) {
        this.maxHandshakes = maxHandshakes;
        this.maxLinks = maxLinks;
    }

    boolean beginHandshake() {
        return take(handshakes, maxHandshakes);
    }

    void endHandshake() {
        handshakes.decrementAndGet();
    }

    boolean beginLink() {
        return take(links, maxLinks);
    }

    void endLink() {
        links.decrementAndGet();
    }

    int handshakes() {
        return handshakes.get();
    }

    int links() {
        return links.get();
    }

    int maxLinks() {
        return maxLinks;
    }

    static int retryMillis(RandomGenerator random) {
        return random.nextInt(RETRY_FROM_MILLIS, RETRY_TO_MILLIS);
    }

    private static boolean take(AtomicInteger taken, int most) {
        if (taken.incrementAndGet() > most) {
            taken.decrementAndGet();
            return false;
        }
        return true;
    }
}
