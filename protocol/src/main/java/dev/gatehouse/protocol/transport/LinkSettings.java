package dev.gatehouse.protocol.transport;

import java.time.Duration;

/**
 * The times of a link.
 *
 * @param ping an end that has received nothing for so long asks for a sign of life
 * @param silence without any byte for so long the link is dead
 * @param closing how long a last message may take to get out, and the other end to hang up
 */
public record LinkSettings(Duration ping, Duration silence, Duration closing) {

    public static final LinkSettings DEFAULT =
            new LinkSettings(Duration.ofSeconds(3), Duration.ofSeconds(10), Duration.ofSeconds(2));

    public LinkSettings {
        if (!ping.isPositive() || ping.compareTo(silence) >= 0 || !closing.isPositive()) {
            throw new IllegalArgumentException("ping " + ping + ", silence " + silence + ", closing " + closing
                    + "; all must be positive, and ping shorter than silence");
        }
    }

    /**
     * After so long without a byte the transport ends a connection by itself, in milliseconds. The link has given it up long before; but as long as bytes wait to be written to a peer that doesn't read, no polite close comes through.
     */
    int stuckMillis() {
        return Math.toIntExact(silence.plus(closing.multipliedBy(2)).toMillis());
    }

    /** The default with another silence; a third of it is waited before a ping. */
    public static LinkSettings silence(Duration silence) {
        return new LinkSettings(silence.dividedBy(3), silence, DEFAULT.closing);
    }
}
