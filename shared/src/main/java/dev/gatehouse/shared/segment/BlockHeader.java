package dev.gatehouse.shared.segment;

import io.vertx.core.buffer.Buffer;
import java.util.UUID;

/**
 * The 80 bytes before a block's stored bytes.
 *
 * <pre>
 * "GHBK" | version u8 | cipher u8 | 0 u16 | key id 16 | origin segment 16 | index u32 | stream id 16 | sequence u64 |
 * stored length u32 | plain length u32 | CRC32C u32 over the header up to here and the stored bytes
 * </pre>
 *
 * @param cipher 0: not encrypted, the stored bytes are the chunk's payload
 * @param keyId all zero while there is no cipher
 * @param originSegment the segment for which the block was first written; with {@code index} its name for ever
 * @param storedLength bytes that follow the header, at most {@link #MAX_STORED}
 * @param plainLength of the payload once deciphered
 */
public record BlockHeader(
        int cipher,
        UUID keyId,
        UUID originSegment,
        int index,
        UUID streamId,
        long sequence,
        int storedLength,
        int plainLength) {

    public static final int BYTES = 80;

    /** A frame's payload, and room for what a cipher adds. */
    public static final int MAX_STORED = 65 * 1024;

    static final int MAGIC = 0x4748_424b;
    static final int VERSION = 1;
    static final UUID NO_KEY = new UUID(0, 0);

    private static final int CRC_AT = BYTES - 4;

    /** The header of a block that is not encrypted. */
    static BlockHeader plain(UUID origin, int index, UUID streamId, long sequence, int length) {
        return new BlockHeader(0, NO_KEY, origin, index, streamId, sequence, length, length);
    }

    Buffer encode(Buffer stored, Crc crc) {
        Buffer header = Buffer.buffer(BYTES)
                .appendInt(MAGIC)
                .appendByte((byte) VERSION)
                .appendByte((byte) cipher)
                .appendShort((short) 0);
        Ids.append(header, keyId);
        Ids.append(header, originSegment).appendInt(index);
        Ids.append(header, streamId)
                .appendLong(sequence)
                .appendInt(storedLength)
                .appendInt(plainLength);
        return header.appendInt(
                crc.add(header, 0, CRC_AT).add(stored, 0, stored.length()).take());
    }

    /** Reads the header of the block that begins at {@code at}; its CRC is checked by {@link #payload}. */
    static BlockHeader decode(Buffer bytes, int at) throws SegmentException {
        if (at < 0 || bytes.length() - at < BYTES) {
            throw new SegmentException("block of " + Math.max(0, bytes.length() - at) + " bytes; at least " + BYTES
                    + " are needed for its header");
        }
        if (bytes.getInt(at) != MAGIC) {
            throw new SegmentException("block begins with " + Integer.toHexString(bytes.getInt(at)) + "; "
                    + Integer.toHexString(MAGIC) + " is needed");
        }
        int version = bytes.getUnsignedByte(at + 4);
        int cipher = bytes.getUnsignedByte(at + 5);
        if (version != VERSION || cipher != 0) {
            throw new SegmentException("block of version " + version + ", cipher " + cipher + "; version " + VERSION
                    + ", cipher 0 are known");
        }
        long stored = bytes.getUnsignedInt(at + 68);
        long plain = bytes.getUnsignedInt(at + 72);
        if (stored > MAX_STORED || plain != stored) {
            throw new SegmentException("block of " + stored + " bytes stored, " + plain + " plain; the same, at most "
                    + MAX_STORED + ", are allowed");
        }
        return new BlockHeader(
                cipher,
                Ids.read(bytes, at + 8),
                Ids.read(bytes, at + 24),
                bytes.getInt(at + 40),
                Ids.read(bytes, at + 44),
                bytes.getLong(at + 60),
                (int) stored,
                (int) plain);
    }

    /** The chunk's payload of the block that begins at {@code at}, a slice of {@code bytes}; its CRC has been checked. */
    Buffer payload(Buffer bytes, int at, Crc crc) throws SegmentException {
        int from = at + BYTES;
        int to = from + storedLength;
        if (to > bytes.length()) {
            throw new SegmentException(
                    "block cut off: " + storedLength + " bytes stored, " + (bytes.length() - from) + " are there");
        }
        int expected = bytes.getInt(at + CRC_AT);
        int actual = crc.add(bytes, at, at + CRC_AT).add(bytes, from, to).take();
        if (actual != expected) {
            throw new SegmentException("block " + index + " of segment " + originSegment + " has CRC "
                    + Integer.toHexString(actual) + "; " + Integer.toHexString(expected) + " was written");
        }
        return bytes.slice(from, to);
    }
}
