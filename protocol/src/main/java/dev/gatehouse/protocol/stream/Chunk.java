package dev.gatehouse.protocol.stream;

import dev.gatehouse.protocol.wire.Frame;
import dev.gatehouse.protocol.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * One numbered piece of a stream: the payload of a CHUNK frame, fixed when it is written to the spool and never changed after.
 *
 * <pre>
 * crc u32 | flags u8 | codec u8 | extensions length u16 | sequence u64 | first time i64 | last time i64 |
 * records u32 | plain length u32 | content offset u64 | [FIN: count u64 | SHA-256 32 bytes] | extensions | bytes
 * </pre>
 *
 * @param sequence number within the stream, from 0
 * @param firstTime time of the first record, microseconds since the epoch
 * @param lastTime time of the last record, microseconds since the epoch
 * @param records how many records (events, frames) are inside; 0 for plain content
 * @param plainLength length of the bytes once unpacked; at most {@link #MAX_PLAIN}
 * @param contentOffset where the unpacked bytes begin in the stream's content
 * @param key whether decoding can start here (recordings)
 * @param fin present on the stream's last chunk
 * @param extensions TLV ({@code type u8 | length u16 | value}), unknown types are kept
 * @param bytes packed by {@code codec}; at most {@link #MAX_BYTES}
 */
public record Chunk(
        long sequence,
        long firstTime,
        long lastTime,
        int records,
        Codec codec,
        int plainLength,
        long contentOffset,
        boolean key,
        Optional<Fin> fin,
        Buffer extensions,
        Buffer bytes) {

    /**
     * The stream's end.
     *
     * @param count chunks in the stream, this one included
     * @param sha256 of the whole unpacked content, 32 bytes; all zero if the stream ends without it
     */
    public record Fin(long count, Buffer sha256) {}

    public static final int HEADER_BYTES = 48;
    public static final int FIN_BYTES = 40;
    public static final int MAX_EXTENSIONS = 1024;

    /** Room for the header, FIN and extensions is left within a frame. */
    public static final int MAX_BYTES = Frame.MAX_PAYLOAD - HEADER_BYTES - FIN_BYTES - MAX_EXTENSIONS;

    /** Bound for what one chunk may unpack to. */
    public static final int MAX_PLAIN = 1024 * 1024;

    private static final int CRC_BYTES = 4;

    /** A payload's bytes are not to be had without copying: pieces that stay in the first cache cost next to nothing. */
    private static final ThreadLocal<byte[]> PIECE = ThreadLocal.withInitial(() -> new byte[8 * 1024]);

    private static final int FLAG_KEY = 1;
    private static final int FLAG_FIN = 2;

    /** The payload of a CHUNK frame, CRC32C first: over all that follows it. */
    public Buffer encode() {
        Buffer payload = Buffer.buffer(HEADER_BYTES + FIN_BYTES + extensions.length() + bytes.length())
                .appendInt(0)
                .appendByte((byte) ((key ? FLAG_KEY : 0) | (fin.isPresent() ? FLAG_FIN : 0)))
                .appendByte((byte) codec.code())
                .appendUnsignedShort(extensions.length())
                .appendLong(sequence)
                .appendLong(firstTime)
                .appendLong(lastTime)
                .appendInt(records)
                .appendInt(plainLength)
                .appendLong(contentOffset);
        fin.ifPresent(end -> payload.appendLong(end.count()).appendBuffer(end.sha256()));
        payload.appendBuffer(extensions).appendBuffer(bytes);
        return payload.setInt(0, crcOf(payload));
    }

    /** Reads a payload whose fields are within their limits; its CRC is a question of its own ({@link #crcMatches}). */
    public static Chunk decode(Buffer payload) throws ProtocolException {
        if (payload.length() < HEADER_BYTES) {
            throw new ProtocolException(
                    "CHUNK of " + payload.length() + " bytes; at least " + HEADER_BYTES + " are needed");
        }
        if (payload.length() > Frame.MAX_PAYLOAD) {
            throw new ProtocolException(
                    "CHUNK of " + payload.length() + " bytes; at most " + Frame.MAX_PAYLOAD + " are allowed");
        }
        int flags = payload.getUnsignedByte(4);
        if ((flags & ~(FLAG_KEY | FLAG_FIN)) != 0) {
            throw new ProtocolException("CHUNK flags " + flags + "; 0 to 3 are known");
        }
        boolean last = (flags & FLAG_FIN) != 0;
        int extensionsLength = payload.getUnsignedShort(6);
        int extensionsAt = HEADER_BYTES + (last ? FIN_BYTES : 0);
        int bytesAt = extensionsAt + extensionsLength;
        if (extensionsLength > MAX_EXTENSIONS || bytesAt > payload.length()) {
            throw new ProtocolException("CHUNK with " + extensionsLength + " bytes of extensions in " + payload.length()
                    + "; at most " + MAX_EXTENSIONS + ", all inside the payload, are allowed");
        }
        if (payload.length() - bytesAt > MAX_BYTES) {
            throw new ProtocolException("CHUNK with " + (payload.length() - bytesAt) + " bytes of content; at most "
                    + MAX_BYTES + " are allowed");
        }
        return new Chunk(
                notNegative("sequence", payload.getLong(8)),
                payload.getLong(16),
                payload.getLong(24),
                limited("record count", payload.getUnsignedInt(32), Integer.MAX_VALUE),
                Codec.of(payload.getUnsignedByte(5)),
                limited("plain length", payload.getUnsignedInt(36), MAX_PLAIN),
                notNegative("content offset", payload.getLong(40)),
                (flags & FLAG_KEY) != 0,
                last
                        ? Optional.of(new Fin(
                                notNegative("FIN count", payload.getLong(HEADER_BYTES)),
                                payload.slice(HEADER_BYTES + 8, HEADER_BYTES + FIN_BYTES)))
                        : Optional.empty(),
                payload.slice(extensionsAt, bytesAt),
                payload.slice(bytesAt, payload.length()));
    }

    /** The CRC that a payload claims. */
    public static int crc(Buffer payload) {
        return payload.getInt(0);
    }

    /** Whether a payload is what was written to the spool. */
    public static boolean crcMatches(Buffer payload) {
        return crc(payload) == crcOf(payload);
    }

    /** The sequence of an encoded payload, without decoding the rest: what gateways look at. */
    public static long sequence(Buffer payload) {
        return payload.getLong(8);
    }

    /** Whether an encoded payload is its stream's last, without decoding the rest. */
    public static boolean isFin(Buffer payload) {
        return (payload.getByte(4) & FLAG_FIN) != 0;
    }

    private static int crcOf(Buffer payload) {
        CRC32C crc = new CRC32C();
        byte[] piece = PIECE.get();
        for (int at = CRC_BYTES; at < payload.length(); at += piece.length) {
            int end = Math.min(at + piece.length, payload.length());
            payload.getBytes(at, end, piece);
            crc.update(piece, 0, end - at);
        }
        return (int) crc.getValue();
    }

    private static long notNegative(String what, long value) throws ProtocolException {
        if (value < 0) {
            throw new ProtocolException(
                    "CHUNK " + what + " " + Long.toUnsignedString(value) + "; at most 2^63-1 is allowed");
        }
        return value;
    }

    private static int limited(String what, long value, int max) throws ProtocolException {
        if (value > max) {
            throw new ProtocolException("CHUNK " + what + " " + value + "; at most " + max + " is allowed");
        }
        return (int) value;
    }
}
