package dev.gatehouse.shared.segment;

import io.vertx.core.buffer.Buffer;
import java.util.UUID;

/**
 * Whose a segment object is: the 48 bytes at its beginning, repeated under another magic at the beginning of its footer.
 *
 * @param createdAt microseconds since the epoch
 */
public record SegmentHead(UUID writerId, UUID segmentId, long createdAt) {

    /** Also where the first block of an object begins. */
    public static final int BYTES = 48;

    static final int OBJECT = 0x4748_5347;
    static final int FOOTER = 0x4748_5346;
    static final int VERSION = 1;

    Buffer encode(int magic) {
        Buffer head = Buffer.buffer(BYTES)
                .appendInt(magic)
                .appendUnsignedShort(VERSION)
                .appendUnsignedShort(0);
        Ids.append(head, writerId);
        return Ids.append(head, segmentId).appendLong(createdAt);
    }

    static SegmentHead decode(Buffer bytes, int magic) throws SegmentException {
        if (bytes.length() < BYTES || bytes.getInt(0) != magic) {
            throw new SegmentException("head of " + bytes.length() + " bytes does not begin with "
                    + Integer.toHexString(magic) + " or is shorter than " + BYTES);
        }
        if (bytes.getUnsignedShort(4) != VERSION) {
            throw new SegmentException(
                    "segment of version " + bytes.getUnsignedShort(4) + "; " + VERSION + " is known");
        }
        return new SegmentHead(Ids.read(bytes, 8), Ids.read(bytes, 24), bytes.getLong(40));
    }
}
