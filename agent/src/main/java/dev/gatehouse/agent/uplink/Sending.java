package dev.gatehouse.agent.uplink;

import dev.gatehouse.agent.spool.StreamView;
import dev.gatehouse.protocol.message.StreamKind;
import java.util.UUID;

/** One stream on its way over one link. Confined to the link's context. */
final class Sending {

    enum Phase {
        OPENING,
        /** The last stored chunk is being read here, to see whether it is ours. */
        COMPARING,
        OPEN,
        FORKING,
        /** All is acknowledged, and the spool is about to know. */
        DONE,
        /** Not before {@link #at}. */
        WAITING
    }

    /** As it was when it was opened: its alias is the one that the channel is about. */
    final StreamView stream;

    final int channel;
    Phase phase = Phase.OPENING;

    /** The next to be sent; number in the spool. */
    long next;

    /** A chunk that could not be read; number in the spool. */
    long lostAt = Long.MAX_VALUE;

    /** {@link System#nanoTime} at which a phase that has an end ends. */
    long at;

    /** While comparing: what is known once the chunk is ours. */
    Verdict.Compare compare;

    Sending(StreamView stream, int channel, long at) {
        this.stream = stream;
        this.channel = channel;
        this.next = stream.acked();
        this.at = at;
    }

    UUID id() {
        return stream.info().id();
    }

    /** Whether the spool still has it under the alias that was opened. */
    boolean isSame(StreamView now) {
        return now.alias().equals(stream.alias());
    }

    /** Number in the spool of what is 0 on the wire. */
    long base() {
        return stream.alias().base();
    }

    boolean isFile() {
        return stream.info().kind() == StreamKind.FILE;
    }

    boolean isUrgent() {
        return stream.info().kind() == StreamKind.EVENTS;
    }

    int rank() {
        return isUrgent() ? 0 : isFile() ? 2 : 1;
    }
}
