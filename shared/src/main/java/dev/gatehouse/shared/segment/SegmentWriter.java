package dev.gatehouse.shared.segment;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Lays chunks out as one segment. Payloads are referred to, never copied: they must not change any more.
 *
 * <p>Pure; confined to one thread.
 */
public final class SegmentWriter {

    private final SegmentHead head;
    private final List<Buffer> blocks = new ArrayList<>();
    private final List<SegmentEntry> entries = new ArrayList<>();
    private final Crc crc = new Crc();
    private int length;

    public SegmentWriter(SegmentHead head) {
        this.head = head;
    }

    /** Adds a chunk as the next block and says where it is. */
    public SegmentEntry add(UUID streamId, long sequence, Buffer payload, ChunkFacts facts) {
        BlockHeader header = BlockHeader.plain(head.segmentId(), entries.size(), streamId, sequence, payload.length());
        SegmentEntry entry = new SegmentEntry(
                head.segmentId(),
                entries.size(),
                streamId,
                sequence,
                length,
                BlockHeader.BYTES + payload.length(),
                facts);
        blocks.add(header.encode(payload, crc));
        blocks.add(payload);
        entries.add(entry);
        length = Math.addExact(length, entry.blockLength());
        return entry;
    }

    /**
     * Adds the blocks of another segment verbatim; each keeps its origin, so that rows which name it stay true.
     *
     * @param inline whole blocks, one after the other
     * @return where the first of them begins, counted from this segment's first block
     */
    public int copy(Buffer inline) throws SegmentException {
        List<SegmentEntry> copied = new ArrayList<>();
        int end = length;
        for (int at = 0; at < inline.length(); ) {
            BlockHeader header = BlockHeader.decode(inline, at);
            Buffer payload = header.payload(inline, at, crc);
            int blockLength = BlockHeader.BYTES + header.storedLength();
            copied.add(new SegmentEntry(
                    header.originSegment(),
                    header.index(),
                    header.streamId(),
                    header.sequence(),
                    end,
                    blockLength,
                    ChunkFacts.of(payload)));
            end = Math.addExact(end, blockLength);
            at += blockLength;
        }
        int begin = length;
        entries.addAll(copied);
        blocks.add(inline);
        length = end;
        return begin;
    }

    public SegmentHead head() {
        return head;
    }

    /** What was added, in block order. */
    public List<SegmentEntry> entries() {
        return entries;
    }

    /** Bytes of all blocks. */
    public int length() {
        return length;
    }

    /** The blocks alone, as they are kept inline. */
    public Buffer inline() {
        Buffer joined = Buffer.buffer(length);
        blocks.forEach(joined::appendBuffer);
        return joined;
    }

    /** The parts of the whole object, in order. */
    public List<Buffer> object() {
        Buffer footer = head.encode(SegmentHead.FOOTER);
        entries.forEach(entry -> entry.append(footer));
        Buffer trailer = SegmentTrailer.encode(
                footer.length(),
                entries.size(),
                crc.add(footer, 0, footer.length()).take());
        List<Buffer> parts = new ArrayList<>(blocks.size() + 3);
        parts.add(head.encode(SegmentHead.OBJECT));
        parts.addAll(blocks);
        parts.add(footer);
        parts.add(trailer);
        return parts;
    }
}
