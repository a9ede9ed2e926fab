package dev.gatehouse.shared.segment;

import java.util.UUID;

/**
 * Where a chunk's block is, as its row says; {@code segment} says where the segment is by now.
 *
 * @param blockOffset from the segment's first block on
 * @param blockLength header and stored bytes
 */
public record BlockRef(UUID streamId, long sequence, UUID segmentId, int blockOffset, int blockLength) {}
