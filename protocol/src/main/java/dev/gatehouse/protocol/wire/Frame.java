package dev.gatehouse.protocol.wire;

import com.google.protobuf.MessageLite;
import io.vertx.core.buffer.Buffer;

/**
 * One frame: the unit that links carry.
 *
 * @param channel 0 for the link itself, otherwise a stream or a tunnel of this link; unsigned
 * @param payload 0 to {@link #MAX_PAYLOAD} bytes
 */
public record Frame(FrameType type, int channel, Buffer payload) {

    /** A payload that would not fit is the caller's mistake, never the other end's. */
    public Frame {
        if (payload.length() > MAX_PAYLOAD) {
            throw new IllegalArgumentException(
                    type + " of " + payload.length() + " bytes; at most " + MAX_PAYLOAD + " are allowed");
        }
    }

    public static final int HEADER_BYTES = 8;
    public static final int MAX_PAYLOAD = 64 * 1024;

    /** A frame with a protobuf message as its payload, which must be known to fit. */
    public static Frame of(FrameType type, int channel, MessageLite message) {
        return new Frame(type, channel, Buffer.buffer(message.toByteArray()));
    }

    /** Bytes on the wire. */
    public int length() {
        return HEADER_BYTES + payload.length();
    }

    /** The frame as it goes over the wire: {@code length u24 | type u8 | channel u32 | payload}, big-endian. */
    public Buffer encode() {
        return appendTo(Buffer.buffer(length()));
    }

    /** Appends the frame as it goes over the wire; several small ones are cheaper in one piece. */
    public Buffer appendTo(Buffer bytes) {
        return bytes.appendMedium(payload.length())
                .appendByte((byte) type.code())
                .appendInt(channel)
                .appendBuffer(payload);
    }
}
