package dev.gatehouse.embedded;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Asks again and again until something of another process is so: it cannot tell us itself. */
final class Wait {

    private Wait() {}

    /** Whether the condition has come true within the limit; an interrupt ends the wait like the limit and stays set. */
    static boolean until(Duration limit, long pollMillis, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > limit.toNanos()) {
                return condition.getAsBoolean();
            }
            try {
                Thread.sleep(pollMillis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return condition.getAsBoolean();
            }
        }
        return true;
    }
}
