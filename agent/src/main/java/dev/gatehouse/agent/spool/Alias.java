package dev.gatehouse.agent.spool;

import dev.gatehouse.protocol.stream.Chunk;
import io.vertx.core.buffer.Buffer;
import java.util.UUID;

/**
 * Under which id and numbers a spooled stream goes over links. Usually its own; after FORKED another id, counted from what was not yet durable then.
 *
 * <p>A chunk's bytes on the wire are a function of its bytes in the spool and this alias, and the alias is fsynced before it is used: repeats are the same bytes after a crash too.
 *
 * @param id of the stream as gateways know it
 * @param base number in the spool of what is sent as number 0
 * @param contentBase content offset in the spool of what is sent as offset 0
 * @param whole whether the content is sent from its beginning: only then the FIN's SHA-256 holds
 */
public record Alias(UUID id, long base, long contentBase, boolean whole) {

    static Alias own(UUID id) {
        return new Alias(id, 0, 0, true);
    }

    /** The payload to send for a spooled chunk. */
    Buffer payload(Chunk spooled, Buffer asSpooled) {
        if (base == 0) {
            return asSpooled;
        }
        return new Chunk(
                        spooled.sequence() - base,
                        spooled.firstTime(),
                        spooled.lastTime(),
                        spooled.records(),
                        spooled.codec(),
                        spooled.plainLength(),
                        spooled.contentOffset() - contentBase,
                        spooled.key(),
                        spooled.fin()
                                .map(fin ->
                                        new Chunk.Fin(fin.count() - base, whole ? fin.sha256() : ChunkDraft.NO_HASH)),
                        spooled.extensions(),
                        spooled.bytes())
                .encode();
    }
}
