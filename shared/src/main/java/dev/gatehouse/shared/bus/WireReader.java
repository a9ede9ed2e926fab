package dev.gatehouse.shared.bus;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** Reads a message's fields one after the other, each within what is there. Fails with {@link MalformedMessageException}. */
final class WireReader {

    /** Longest id of a node. */
    static final int MAX_TEXT_BYTES = 255;

    private final Buffer bytes;
    private int at;

    WireReader(int at, Buffer bytes) {
        this.bytes = bytes;
        this.at = at;
    }

    int u8() {
        return bytes.getUnsignedByte(advance("a byte", 1));
    }

    int i32() {
        return bytes.getInt(advance("an int", 4));
    }

    long i64() {
        return bytes.getLong(advance("a long", 8));
    }

    UUID uuid() {
        return new UUID(i64(), i64());
    }

    String text() {
        int length = u8();
        int from = advance("a text of " + length + " bytes", length);
        return new String(bytes.getBytes(from, from + length), StandardCharsets.UTF_8);
    }

    /** A slice, not a copy. */
    Buffer bytes(String what, int max) {
        int length = count(what + " length", max);
        int from = advance(what + " of " + length + " bytes", length);
        return bytes.slice(from, from + length);
    }

    /** A number from 0 to max, checked before anything is allocated for it. */
    int count(String what, int max) {
        int count = i32();
        if (count < 0 || count > max) {
            throw new MalformedMessageException(
                    what + " " + Integer.toUnsignedLong(count) + "; at most " + max + " is allowed");
        }
        return count;
    }

    /** Fails unless everything was read. */
    void end() {
        if (at != bytes.length()) {
            throw new MalformedMessageException(
                    (bytes.length() - at) + " bytes after the end of the message; none are allowed");
        }
    }

    static void appendText(Buffer bytes, String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        if (encoded.length > MAX_TEXT_BYTES) {
            throw new IllegalArgumentException(
                    "id of " + encoded.length + " bytes; at most " + MAX_TEXT_BYTES + " are allowed");
        }
        bytes.appendUnsignedByte((short) encoded.length).appendBytes(encoded);
    }

    static void appendUuid(Buffer bytes, UUID id) {
        bytes.appendLong(id.getMostSignificantBits()).appendLong(id.getLeastSignificantBits());
    }

    private int advance(String what, int length) {
        if (length > bytes.length() - at) {
            throw new MalformedMessageException(
                    "the message ends within " + what + ", " + (bytes.length() - at) + " bytes are left");
        }
        int from = at;
        at += length;
        return from;
    }
}
