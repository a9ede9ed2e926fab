package dev.gatehouse.protocol.transport;

import dev.gatehouse.protocol.message.LinkError;
import java.util.Optional;

/**
 * How a link ended, told exactly once.
 *
 * @param error what the other end was told, if this end had something to say
 * @param detail for the log
 */
public record LinkEnd(Cause cause, Optional<LinkError> error, String detail) {

    /** Who or what ended it. */
    public enum Cause {
        /** This end closed it. */
        OURS,
        /** The other end closed it, or its process has gone; its reason, if it gave one, was its last control frame. */
        THEIRS,
        /** Not a byte came for the time of {@link LinkSettings#silence}. */
        SILENT,
        /** The other end broke the protocol. */
        BROKEN,
        /** The other end does not take what it is sent. */
        OVERFLOW,
        /** A frame could not be handled: a fault of ours, logged where it happened. */
        FAULT
    }
}
