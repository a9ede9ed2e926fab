package dev.gatehouse.agent.health;

import dev.gatehouse.protocol.message.Health;
import java.time.Duration;

/**
 * What the results of checks and dials say about one target. The first result decides at once; after that it takes {@link #CONTRARY} results in a row to change it, of which the second comes soon, as a doubt is checked
 * {@link #AGAIN quickly}. So one lost packet is no outage, and an outage is known within a second of the first dial that fails.
 *
 * <p>Pure; confined to whoever holds it.
 */
final class HealthState {

    /** Between checks while nothing is in doubt. */
    static final Duration PERIOD = Duration.ofSeconds(5);

    /** Until the next check when the last result was not what was known. */
    static final Duration AGAIN = Duration.ofMillis(300);

    /** Results in a row that change what is known. */
    static final int CONTRARY = 2;

    private Health health = Health.HEALTH_UNKNOWN;
    private String detail = "";
    private int contrary;

    Health health() {
        return health;
    }

    /** Why it is not healthy, else empty. */
    String detail() {
        return detail;
    }

    /** @return whether what others are told has changed */
    boolean succeeded() {
        return result(Health.HEALTHY, "");
    }

    /** @return whether what others are told has changed */
    boolean failed(String why) {
        return result(Health.UNHEALTHY, why);
    }

    /** From a result until the next check. */
    Duration next() {
        return contrary > 0 ? AGAIN : PERIOD;
    }

    private boolean result(Health result, String why) {
        if (result == health) {
            contrary = 0;
            boolean told = !why.equals(detail);
            detail = why;
            return told;
        }
        contrary++;
        if (health != Health.HEALTH_UNKNOWN && contrary < CONTRARY) {
            return false;
        }
        health = result;
        detail = why;
        contrary = 0;
        return true;
    }
}
