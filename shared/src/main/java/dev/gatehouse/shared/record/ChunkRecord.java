package dev.gatehouse.shared.record;

import dev.gatehouse.shared.segment.BlockRef;
import dev.gatehouse.shared.segment.ChunkFacts.State;
import io.vertx.sqlclient.Row;
import java.time.Instant;

/**
 * A stored chunk.
 *
 * @param contentOffset where what it unpacks to begins in the stream's content
 * @param block where its bytes are
 */
public record ChunkRecord(
        BlockRef block, Instant committedAt, int blockIndex, State state, int plainLength, long contentOffset) {

    public long sequence() {
        return block.sequence();
    }

    public long contentEnd() {
        return contentOffset + plainLength;
    }

    static ChunkRecord of(Row row) {
        return new ChunkRecord(
                new BlockRef(
                        row.getUUID("stream_id"),
                        row.getLong("sequence"),
                        row.getUUID("segment_id"),
                        row.getInteger("block_offset"),
                        row.getInteger("block_length")),
                row.getOffsetDateTime("committed_at").toInstant(),
                row.getInteger("block_index"),
                state(row.getShort("state")),
                row.getInteger("plain_length"),
                row.getLong("content_offset"));
    }

    /** A code of a newer release is not whole either. */
    private static State state(int code) {
        for (State state : State.values()) {
            if (state.code() == code) {
                return state;
            }
        }
        return State.DAMAGED;
    }
}
