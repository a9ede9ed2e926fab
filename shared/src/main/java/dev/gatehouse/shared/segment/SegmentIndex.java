package dev.gatehouse.shared.segment;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What a segment object says about itself at its end.
 *
 * @param blocksLength bytes of all blocks; they begin at {@link SegmentHead#BYTES}
 */
public record SegmentIndex(SegmentHead head, long blocksLength, List<SegmentEntry> entries) {

    /**
     * Reads a footer.
     *
     * @param footer exactly the footer's bytes
     */
    static SegmentIndex decode(Buffer footer, SegmentTrailer trailer, long objectLength) throws SegmentException {
        int crc = new Crc().add(footer, 0, footer.length()).take();
        if (footer.length() != trailer.footerLength() || crc != trailer.crc()) {
            throw new SegmentException("footer of " + footer.length() + " bytes with CRC " + Integer.toHexString(crc)
                    + "; " + trailer.footerLength() + " bytes with CRC " + Integer.toHexString(trailer.crc())
                    + " were written");
        }
        long blocksLength = objectLength - SegmentHead.BYTES - footer.length() - SegmentTrailer.BYTES;
        List<SegmentEntry> entries = new ArrayList<>(trailer.entries());
        for (int i = 0; i < trailer.entries(); i++) {
            entries.add(SegmentEntry.read(footer, SegmentHead.BYTES + i * SegmentEntry.BYTES, blocksLength));
        }
        return new SegmentIndex(SegmentHead.decode(footer, SegmentHead.FOOTER), blocksLength, entries);
    }
}
