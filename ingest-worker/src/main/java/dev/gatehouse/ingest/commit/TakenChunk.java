package dev.gatehouse.ingest.commit;

import dev.gatehouse.protocol.stream.Chunk;
import dev.gatehouse.shared.segment.BlockHeader;
import dev.gatehouse.shared.segment.ChunkFacts;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.UUID;

/**
 * A chunk that the intake has taken as the next one of its stream: to be made durable, not yet acknowledged.
 *
 * @param payload of the CHUNK frame; must not change any more
 * @param events whether it holds events to be indexed
 * @param fin the stream's end, if this chunk is whole and says so
 * @param takenAt {@link System#nanoTime()}
 */
public record TakenChunk(
        UUID streamId,
        long sequence,
        Buffer payload,
        ChunkFacts facts,
        boolean events,
        Optional<Chunk.Fin> fin,
        long takenAt) {

    /** What a payload says about the end of its stream, if it is whole and the last one. */
    public static Optional<Chunk.Fin> fin(Buffer payload, ChunkFacts facts) {
        if (facts.state() != ChunkFacts.State.WHOLE || (facts.flags() & ChunkFacts.FIN) == 0) {
            return Optional.empty();
        }
        int at = Chunk.HEADER_BYTES;
        return Optional.of(new Chunk.Fin(payload.getLong(at), payload.slice(at + 8, at + Chunk.FIN_BYTES)));
    }

    /** Bytes that it takes in a segment. */
    int stored() {
        return BlockHeader.BYTES + payload.length();
    }
}
