package dev.gatehouse.protocol.wire;

import io.vertx.core.buffer.Buffer;

/**
 * One frame: the unit that links carry.
 *
 * @param channel 0 for the link itself, otherwise a stream or a tunnel of this link; unsigned
 * @param payload 0 to {@link #MAX_PAYLOAD} bytes
 */
public record Frame(FrameType type, int channel, Buffer payload) {

    public static final int HEADER_BYTES = 8;
    public static final int MAX_PAYLOAD = 64 * 1024;

    /** The frame as it goes over the wire: {@code length u24 | type u8 | channel u32 | payload}, big-endian. */
    public Buffer encode() {
        return Buffer.buffer(HEADER_BYTES + payload.length())
                .appendMedium(payload.length())
                .appendByte((byte) type.code())
                .appendInt(channel)
                .appendBuffer(payload);
    }
}
