package dev.gatehouse.shared.bus;

import io.vertx.core.buffer.Buffer;
import java.util.UUID;

/**
 * Gateway to ingest-worker, a request: a link wants to send this stream from now on. The newest opening of a stream wins; answered by an encoded {@code StreamOpened}.
 *
 * @param open the encoded {@code StreamOpen}, fields checked by the gateway
 */
public record StreamOpening(ChunkBatch.Sender sender, UUID agentId, Buffer open) {

    /** Failure code of the request: this worker takes no streams any more, as with {@link ChunkBatch.Reply#MOVED}. After any other failure it may be asked again. */
    public static final int MOVED = 410;
}
