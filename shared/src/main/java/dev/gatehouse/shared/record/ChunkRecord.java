package dev.gatehouse.shared.record;

import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A stored chunk and where its block is.
 *
 * @param contentOffset where what it unpacks to begins in the stream's content
 * @param objectKey of the segment; empty: inline
 * @param objectOffset where the segment begins in the object
 * @param blockOffset where the block begins in the segment
 */
public record ChunkRecord(
        UUID streamId,
        long sequence,
        Instant committedAt,
        State state,
        int plainLength,
        long contentOffset,
        UUID segmentId,
        Optional<String> objectKey,
        long objectOffset,
        int blockIndex,
        int blockOffset,
        int blockLength) {

    /** In the order of the codes in the table. */
    public enum State {
        WHOLE,
        QUARANTINED,
        DAMAGED
    }

    public long contentEnd() {
        return contentOffset + plainLength;
    }

    static ChunkRecord of(Row row) {
        return new ChunkRecord(
                row.getUUID("stream_id"),
                row.getLong("sequence"),
                row.getOffsetDateTime("committed_at").toInstant(),
                State.values()[row.getShort("state")],
                row.getInteger("plain_length"),
                row.getLong("content_offset"),
                row.getUUID("segment_id"),
                Optional.ofNullable(row.getString("object_key")),
                row.getLong("object_offset"),
                row.getInteger("block_index"),
                row.getInteger("block_offset"),
                row.getInteger("block_length"));
    }
}
