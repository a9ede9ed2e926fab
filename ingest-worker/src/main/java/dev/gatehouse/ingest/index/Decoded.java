package dev.gatehouse.ingest.index;

import dev.gatehouse.ingest.commit.ChunkRows;
import dev.gatehouse.ingest.rollup.Rollup;
import dev.gatehouse.shared.segment.Block;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The events of a batch of chunks, their sums, and the chunks that could not be decoded. Made on a worker thread: unpacking is what indexing costs most. */
record Decoded(List<IndexedEvent> events, Rollup rollup, List<ChunkRows.ChunkId> damaged) {

    private static final Logger log = LoggerFactory.getLogger(Decoded.class);

    static Decoded of(List<Block> blocks, Map<UUID, EventDecoder.Origin> origins, long durableAt) {
        Decoded decoded = new Decoded(new ArrayList<>(), new Rollup(), new ArrayList<>());
        for (Block block : blocks) {
            EventDecoder.Origin origin = origins.get(block.ref().streamId());
            if (origin != null) { // else the stream was removed meanwhile
                decoded.add(block, origin, durableAt);
            }
        }
        return decoded;
    }

    /** Whatever an agent has sent, a chunk that fails fails alone. */
    private void add(Block block, EventDecoder.Origin origin, long durableAt) {
        try {
            if (block.payload().isEmpty()) {
                throw new DamagedChunkException(block.problem());
            }
            List<IndexedEvent> decoded =
                    EventDecoder.decode(origin, block.payload().get(), durableAt);
            events.addAll(decoded);
            for (IndexedEvent event : decoded) {
                rollup.add(
                        event.time(),
                        event.agentId(),
                        event.user(),
                        event.application(),
                        event.kind(),
                        event.durationMicros());
            }
        } catch (DamagedChunkException | RuntimeException e) {
            log.warn(
                    "Chunk {} of stream {} is damaged: {}",
                    block.ref().sequence(),
                    block.ref().streamId(),
                    e.toString());
            damaged.add(
                    new ChunkRows.ChunkId(block.ref().streamId(), block.ref().sequence()));
        }
    }
}
