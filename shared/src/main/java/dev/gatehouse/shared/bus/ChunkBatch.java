package dev.gatehouse.shared.bus;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.UUID;

/**
 * Gateway to ingest-worker: chunks in the order in which they came from their links. Answered with {@link Reply} within 2 s; not answered, the same batch is sent again to the same worker, which knows it by its number.
 *
 * @param sender the gateway's sending verticle: node id and number; batches of a sender are numbered without holes
 * @param number from 1
 * @param chunks at most {@link #MAX_BYTES} of payloads
 */
public record ChunkBatch(Sender sender, long number, List<Item> chunks) {

    public static final int MAX_BYTES = 1024 * 1024;

    /**
     * @param nodeId where {@link Progress} is to be sent
     *
     * @param instance which of its verticles
     *
     * @param epoch new whenever the sender starts to number afresh
     */
    public record Sender(String nodeId, int instance, long epoch) {}

    /**
     * @param payload of the CHUNK frame, as the agent sent it
     */
    public record Item(UUID streamId, Buffer payload) {}

    /** What the worker says to a batch. MOVED: it is leaving, or does not know these streams; REWIND the links and open the streams again. */
    public enum Reply {
        ACCEPTED,
        BUSY,
        MOVED
    }
}
