package dev.gatehouse.ingest.commit;

import dev.gatehouse.ingest.Chunks;
import dev.gatehouse.shared.segment.ChunkFacts;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.UUID;

/** Chunks for tests of what comes before rows and objects. */
final class TakenChunks {

    static final UUID STREAM = new UUID(1, 1);

    private TakenChunks() {}

    /** A small one of another stream. */
    static TakenChunk of(UUID stream, long sequence) {
        return of(stream, sequence, 1L);
    }

    /** A small one with bytes of its own. */
    static TakenChunk of(UUID stream, long sequence, long seed) {
        Buffer payload = Chunks.content(sequence, 20, seed);
        return new TakenChunk(stream, sequence, payload, ChunkFacts.of(payload), false, Optional.empty(), 0);
    }

    /** One that takes {@code stored} bytes in a segment. */
    static TakenChunk of(long sequence, int stored, long takenAt) {
        Buffer payload = Buffer.buffer(new byte[stored - 80]);
        return new TakenChunk(STREAM, sequence, payload, ChunkFacts.of(payload), false, Optional.empty(), takenAt);
    }
}
