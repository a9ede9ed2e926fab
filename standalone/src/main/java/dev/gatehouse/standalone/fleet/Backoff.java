package dev.gatehouse.standalone.fleet;

import java.time.Duration;

/** How long to wait before a process that has died is started again: doubles from one second while it keeps dying young. Pure; not thread-safe. */
final class Backoff {

    static final Duration FIRST = Duration.ofSeconds(1);
    static final Duration LONGEST = Duration.ofSeconds(30);

    /** Who has lived so long begins anew. */
    static final Duration GOOD_LIFE = Duration.ofSeconds(60);

    private Duration next = FIRST;

    /** @param lived since it was ready; zero if it never was */
    Duration died(Duration lived) {
        Duration pause = lived.compareTo(GOOD_LIFE) >= 0 ? FIRST : next;
        Duration doubled = pause.multipliedBy(2);
        next = doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled;
        return pause;
    }
}
