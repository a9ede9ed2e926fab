package dev.gatehouse.shared.segment;

import io.vertx.core.buffer.Buffer;

/** The last 16 bytes of a segment object: {@code footer length u32 | entries u32 | CRC32C of the footer u32 | "GHST"}. */
record SegmentTrailer(int footerLength, int entries, int crc) {

    static final int BYTES = 16;
    static final int MAGIC = 0x4748_5354;

    /** More blocks than this do not fit into one segment. */
    static final int MAX_ENTRIES = 1024 * 1024;

    static Buffer encode(int footerLength, int entries, int crc) {
        return Buffer.buffer(BYTES)
                .appendInt(footerLength)
                .appendInt(entries)
                .appendInt(crc)
                .appendInt(MAGIC);
    }

    /** @param objectLength of the whole object, which the footer must fit into */
    static SegmentTrailer decode(Buffer bytes, long objectLength) throws SegmentException {
        if (bytes.length() != BYTES || bytes.getInt(12) != MAGIC) {
            throw new SegmentException("trailer of " + bytes.length() + " bytes does not end with "
                    + Integer.toHexString(MAGIC) + ": not a segment, or cut off");
        }
        long entries = bytes.getUnsignedInt(4);
        long footer = bytes.getUnsignedInt(0);
        if (entries > MAX_ENTRIES
                || footer != SegmentHead.BYTES + entries * SegmentEntry.BYTES
                || SegmentHead.BYTES + footer + BYTES > objectLength) {
            throw new SegmentException("footer of " + footer + " bytes with " + entries + " entries in an object of "
                    + objectLength + " bytes; at most " + MAX_ENTRIES + " entries of " + SegmentEntry.BYTES
                    + " bytes are allowed");
        }
        return new SegmentTrailer((int) footer, (int) entries, bytes.getInt(8));
    }
}
