package dev.gatehouse.protocol.wire;

import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/**
 * Cuts a byte stream into frames, whatever pieces it arrives in. A header is checked before anything is kept for its payload, so at most one frame and one read are ever held.
 *
 * <p>Pure; confined to the thread that reads the link.
 */
public final class FrameDecoder {

    private Buffer held = Buffer.buffer();
    private int at;

    /** Adds what was read. */
    public void add(Buffer bytes) {
        held = at == held.length()
                ? bytes
                : held.slice(at, held.length()).copy().appendBuffer(bytes);
        at = 0;
    }

    /** The next whole frame, or empty until more bytes are added. Its payload is a slice of what was added. */
    public Optional<Frame> next() throws ProtocolException {
        if (held.length() - at < Frame.HEADER_BYTES) {
            return Optional.empty();
        }
        int length = held.getUnsignedMedium(at);
        if (length > Frame.MAX_PAYLOAD) {
            throw new ProtocolException("frame of " + length + " bytes; at most " + Frame.MAX_PAYLOAD + " are allowed");
        }
        FrameType type = FrameType.of(held.getUnsignedByte(at + 3));
        int start = at + Frame.HEADER_BYTES;
        if (held.length() - start < length) {
            return Optional.empty();
        }
        Frame frame = new Frame(type, held.getInt(at + 4), held.slice(start, start + length));
        at = start + length;
        return Optional.of(frame);
    }

    /** Whether the bytes so far end inside a frame: at the end of a connection, that it was cut. */
    public boolean insideFrame() {
        return at < held.length();
    }
}
