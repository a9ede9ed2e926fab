package dev.gatehouse.ingest.commit;

import java.util.List;
import java.util.UUID;

/** Cuts for tests of what comes before and after the commit line. */
public final class Cuts {

    private Cuts() {}

    /** An inline cut of one small chunk. */
    public static Cut of(UUID stream, long sequence) {
        TakenChunk chunk = TakenChunks.of(stream, sequence);
        return new Cut(1, true, List.of(chunk), chunk.stored());
    }
}
