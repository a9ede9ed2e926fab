package dev.gatehouse.agent.uplink;

import dev.gatehouse.agent.spool.StreamView;
import java.util.UUID;

/** What {@link Uplink} wants done. */
public sealed interface Action {

    /** Send STREAM_OPEN. {@code first} is the number on the wire. */
    record OpenStream(int channel, StreamView stream, long first) implements Action {}

    /**
     * Read chunks from the spool as they go over the wire, and give each to {@link Uplink#loaded} in order, then the load to {@link Uplink#loadDone}, and plan again.
     *
     * @param from number in the spool
     *
     * @param bytes of their payloads, which the window holds free for them
     */
    record Load(int channel, UUID stream, boolean urgent, long from, int count, long bytes) implements Action {}

    /** Everything of the stream below {@code next} (number in the spool) is durable. */
    record Acked(UUID stream, long next) implements Action {}

    /**
     * The gateway has another stream under this name: it goes on under a new one. Ends with {@link Uplink#forked}.
     *
     * @param from the id it had on the wire: if that has changed meanwhile, nothing is to be done
     */
    record Fork(UUID stream, UUID from) implements Action {}

    /** The gateway refuses the stream; it is asked again later. */
    record Refused(UUID stream, String detail) implements Action {}
}
