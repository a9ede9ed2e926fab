package dev.gatehouse.agent.uplink;

import dev.gatehouse.protocol.message.ErrorCode;
import dev.gatehouse.protocol.message.LinkError;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * When a slot comes back after its link has ended, or was never made: what docs/protocol.md §8 asks of an agent that hears a code.
 *
 * <p>Pure; confined to its slot.
 */
final class Comeback {

    /** Dials that end with AVOIDED, one after the other, before the balancer is left alone. */
    static final int AVOIDED_TRIES = 5;

    static final Duration AVOIDED = Duration.ofMinutes(1);

    /** Somebody has to see to it, and may do so soon. */
    static final Duration CLONED = Duration.ofMinutes(1);

    /** This program or the gateway's has a mistake: again is likely the same. */
    static final Duration MISTAKE = Duration.ofMinutes(1);

    /** Somebody has to see to it. */
    static final Duration UNWANTED = Duration.ofMinutes(2);

    /**
     * How long to wait.
     *
     * @param dial before anything is dialled
     *
     * @param gateway before this gateway is dialled again
     */
    record Pause(Duration dial, Duration gateway) {}

    private final Redial redial;
    private int avoided;

    Comeback(RandomGenerator random) {
        this.redial = new Redial(random);
    }

    /** WELCOME has come. */
    void welcomed() {
        avoided = 0;
    }

    /**
     * Takes how a link ended.
     *
     * @param held how long it was registered
     * @param goAway what GO_AWAY asked for, zero if there was none
     */
    Pause ended(Duration held, Optional<LinkError> error, Duration goAway) {
        if (error.isEmpty()) {
            return elsewhere(held, goAway);
        }
        Duration said = Duration.ofMillis(Integer.toUnsignedLong(error.get().getRetryMillis()));
        return switch (error.get().getCode()) {
            case DRAINING -> elsewhere(held, said);
            case AVOIDED -> {
                avoided = (avoided + 1) % AVOIDED_TRIES;
                yield everywhere(held, avoided == 0 ? AVOIDED : said);
            }
            case BAD_FRAME, BAD_MESSAGE, BAD_ORDER, WINDOW_EXCEEDED -> everywhere(held, longer(said, MISTAKE));
            case DUPLICATE_IDENTITY -> everywhere(held, longer(said, CLONED));
            case REVOKED, NOT_ENROLLED -> everywhere(held, longer(said, UNWANTED));
            default -> everywhere(held, said);
        };
    }

    /** Ends one after the other, without a link that has held between them. */
    int failures() {
        return redial.failures();
    }

    /** Whether so many failures are worth a line in the log: they are many, on a bad day. */
    boolean isWorthALine(Optional<LinkError> error) {
        boolean expected =
                error.filter(said -> said.getCode() == ErrorCode.AVOIDED).isPresent();
        return !expected && (redial.failures() <= 3 || redial.failures() % 20 == 0);
    }

    private Pause everywhere(Duration held, Duration asked) {
        return new Pause(redial.failed(held, asked), Duration.ZERO);
    }

    private Pause elsewhere(Duration held, Duration asked) {
        return new Pause(redial.failed(held, Duration.ZERO), asked.isZero() ? Duration.ZERO : redial.spread(asked));
    }

    private static Duration longer(Duration a, Duration b) {
        return a.compareTo(b) > 0 ? a : b;
    }
}
