package dev.gatehouse.shared.segment;

import io.vertx.core.buffer.Buffer;
import java.util.UUID;

/**
 * One block in a segment's footer: where it is, and enough to write the chunk's row again after a restore.
 *
 * <pre>
 * origin segment 16 | index u32 | stream id 16 | sequence u64 | block offset u32 | block length u32 | first time i64 | last time i64 |
 * records u32 | codec u8 | flags u8 | state u8 | 0 u8 | crc u32 | length u32 | plain length u32 | content offset u64
 * </pre>
 *
 * @param blockOffset from the first block on (in the object, {@link SegmentHead#BYTES} more)
 * @param blockLength header and stored bytes
 */
public record SegmentEntry(
        UUID originSegment,
        int index,
        UUID streamId,
        long sequence,
        int blockOffset,
        int blockLength,
        ChunkFacts facts) {

    static final int BYTES = 96;

    void append(Buffer to) {
        Ids.append(to, originSegment).appendInt(index);
        Ids.append(to, streamId)
                .appendLong(sequence)
                .appendInt(blockOffset)
                .appendInt(blockLength)
                .appendLong(facts.firstTime())
                .appendLong(facts.lastTime())
                .appendInt(facts.records())
                .appendByte((byte) facts.codec())
                .appendByte((byte) facts.flags())
                .appendByte((byte) facts.state().code())
                .appendByte((byte) 0)
                .appendInt(facts.crc())
                .appendInt(facts.length())
                .appendInt(facts.plainLength())
                .appendLong(facts.contentOffset());
    }

    /** @param blocksLength bytes of all blocks, within which this one must lie */
    static SegmentEntry read(Buffer from, int at, long blocksLength) throws SegmentException {
        long offset = from.getUnsignedInt(at + 44);
        long length = from.getUnsignedInt(at + 48);
        if (length < BlockHeader.BYTES
                || length > BlockHeader.BYTES + BlockHeader.MAX_STORED
                || offset + length > blocksLength) {
            throw new SegmentException("entry with " + length + " bytes at " + offset + "; " + BlockHeader.BYTES
                    + " to " + (BlockHeader.BYTES + BlockHeader.MAX_STORED) + " within " + blocksLength
                    + " are allowed");
        }
        return new SegmentEntry(
                Ids.read(from, at),
                from.getInt(at + 16),
                Ids.read(from, at + 20),
                from.getLong(at + 36),
                (int) offset,
                (int) length,
                new ChunkFacts(
                        ChunkFacts.State.of(from.getUnsignedByte(at + 74)),
                        from.getLong(at + 52),
                        from.getLong(at + 60),
                        from.getInt(at + 68),
                        from.getUnsignedByte(at + 72),
                        from.getUnsignedByte(at + 73),
                        from.getInt(at + 76),
                        from.getInt(at + 80),
                        from.getInt(at + 84),
                        from.getLong(at + 88)));
    }
}
