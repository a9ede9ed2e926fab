package dev.gatehouse.ingest.index;

import java.time.OffsetDateTime;
import java.util.UUID;

/**
 * A segment whose events are not all indexed, claimed by this worker for a while.
 *
 * @param nextBlock blocks below it are indexed
 * @param attempts claims since it last went forward, this one included
 */
record IndexTask(UUID segmentId, OffsetDateTime committedAt, long records, int nextBlock, int attempts) {

    IndexTask movedTo(int block) {
        return new IndexTask(segmentId, committedAt, records, block, 1);
    }
}
