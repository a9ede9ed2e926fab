package dev.gatehouse.protocol.tunnel;

import dev.gatehouse.protocol.message.ErrorCode;
import dev.gatehouse.protocol.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;

/**
 * The payload of a WINDOW frame: {@code consumed u64 | limit u64 | probe u32 | echo u32}, big-endian.
 *
 * @param consumed total bytes that the sender of this has taken over, its other end's half-close counted as one: these never have to be sent again
 * @param limit total bytes that it takes; a half-close needs no room
 * @param probe a number to be echoed at once, by which the round trip is measured; 0 for none
 * @param echo the probe that this answers; 0 for none
 */
public record Window(long consumed, long limit, int probe, int echo) {

    public static final int BYTES = 24;

    static Window of(long consumed, long limit) {
        return new Window(consumed, limit, 0, 0);
    }

    public Buffer encode() {
        return Buffer.buffer(BYTES)
                .appendLong(consumed)
                .appendLong(limit)
                .appendInt(probe)
                .appendInt(echo);
    }

    public static Window decode(Buffer payload) throws ProtocolException {
        if (payload.length() != BYTES) {
            throw new ProtocolException("WINDOW of " + payload.length() + " bytes; " + BYTES + " are needed");
        }
        Window window = new Window(payload.getLong(0), payload.getLong(8), payload.getInt(16), payload.getInt(20));
        if (window.consumed < 0 || window.limit < 0) {
            throw new ProtocolException(
                    ErrorCode.BAD_MESSAGE,
                    "WINDOW of " + Long.toUnsignedString(window.consumed) + " consumed, limit "
                            + Long.toUnsignedString(window.limit) + "; 0 to 2^63-1 are allowed");
        }
        return window;
    }
}
