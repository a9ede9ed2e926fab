package dev.gatehouse.ingest.intake;

import dev.gatehouse.ingest.commit.ChunkRows;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Looks up the CRCs of repeats that are too old to be remembered, many with one statement. Confined to its verticle's context. */
final class Comparisons {

    /** Look-ups that wait; further repeats are taken for what they claim to be. */
    static final int WAITING = 4096;

    private final Intake intake;
    private final ChunkRows rows;
    private Map<ChunkRows.ChunkId, Integer> waiting = new HashMap<>();
    private boolean asking;

    Comparisons(Intake intake, ChunkRows rows) {
        this.intake = intake;
        this.rows = rows;
    }

    void add(ChunkRows.ChunkId chunk, int crc) {
        if (waiting.size() < WAITING) {
            waiting.put(chunk, crc);
            pump();
        }
    }

    private void pump() {
        if (asking || waiting.isEmpty()) {
            return;
        }
        Map<ChunkRows.ChunkId, Integer> asked = waiting;
        waiting = new HashMap<>();
        asking = true;
        List<ChunkRows.ChunkId> chunks = new ArrayList<>(asked.keySet());
        rows.crcs(chunks)
                .onSuccess(found -> found.forEach(stored -> intake.stored(
                        stored.streamId(),
                        stored.crc(),
                        asked.get(new ChunkRows.ChunkId(stored.streamId(), stored.sequence())))))
                .onComplete(done -> {
                    asking = false;
                    pump();
                });
    }
}
