package dev.gatehouse.ingest.index;

import dev.gatehouse.shared.segment.BlockRef;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/**
 * A chunk of events that is to be indexed.
 *
 * @param block its number in the segment of its task
 * @param records events that it says it has
 * @param payload if it is still in memory
 */
record EventChunk(BlockRef ref, int block, int records, Optional<Buffer> payload) {}
