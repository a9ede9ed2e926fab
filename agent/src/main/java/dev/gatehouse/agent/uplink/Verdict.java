package dev.gatehouse.agent.uplink;

import dev.gatehouse.agent.spool.SpoolView;
import dev.gatehouse.agent.spool.StreamView;
import dev.gatehouse.protocol.message.StreamOpened;

/**
 * Whether the stream that a gateway has under a name is the one that the spool has. It is not after this disk was replaced by an older copy of itself: then numbers are used again, for other chunks.
 *
 * <p>What is below the acknowledged number needs no comparing: this disk, or the one it was copied from, has made those chunks and was told that they are durable, and what is durable never changes.
 */
sealed interface Verdict {

    /** It is, as far as can be seen: all below {@code next} (number in the spool) is durable. */
    record Ours(long next) implements Verdict {}

    /** It is if chunk {@code next - 1} (number in the spool) goes over the wire with this CRC. */
    record Compare(long next, int crc) implements Verdict {}

    /** It is not: the spool's goes on in a new one. */
    record Another() implements Verdict {}

    /**
     * @param opened which says OPEN_FOR_CHUNKS, FORKED or CLOSED
     *
     * @param stream as the spool has it now, under the alias that was opened
     */
    static Verdict of(StreamOpened opened, StreamView stream, SpoolView spool) {
        long next = opened.getNext() + stream.alias().base();
        boolean possible = switch (opened.getState()) {
            case OPEN_FOR_CHUNKS -> next <= stream.synced(); // what isn't synced was never sent
            case CLOSED -> stream.finished() && stream.synced() == stream.next() && next == stream.next();
            default -> false;
        };
        if (!possible) {
            return new Another();
        }
        boolean comparable = opened.hasLastCrc()
                && next > stream.acked()
                && spool.lengths(stream.info().id(), next - 1, 1).length == 1;
        return comparable ? new Compare(next, opened.getLastCrc()) : new Ours(next);
    }
}
