package dev.gatehouse.protocol.wire;

import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/**
 * Cuts a byte stream into frames, whatever pieces it arrives in. A header is checked before anything is kept for its payload, so at most one frame and one read are ever held; what is allocated ahead for a frame is at most {@link #AHEAD} times what has arrived of it.
 *
 * <p>A frame that lies within one read is a slice of it; one that doesn't is copied once. Pure; confined to the thread that reads the link.
 */
public final class FrameDecoder {

    /** TLS hands over 16 KiB at a time: a quarter of the longest frame, which is then allocated once. */
    private static final int AHEAD = 4;

    private static final Buffer NOTHING = Buffer.buffer();

    private Buffer read = NOTHING;
    private int at;

    /** The frame whose beginning has been read, header included; null between frames. */
    private Buffer begun;

    /** Adds what was read. */
    public void add(Buffer bytes) {
        if (at == read.length()) {
            read = bytes;
        } else { // its frames were not all taken: unusual, so not worth more than this
            read = Buffer.buffer(read.length() - at + bytes.length())
                    .appendBuffer(read, at, read.length() - at)
                    .appendBuffer(bytes);
        }
        at = 0;
    }

    /** The next whole frame, or empty until more bytes are added. */
    public Optional<Frame> next() throws ProtocolException {
        Optional<Frame> frame = begun == null ? whole() : finished();
        if (at == read.length()) {
            read = NOTHING; // an idle link holds no memory
            at = 0;
        }
        return frame;
    }

    /** Whether the bytes so far end inside a frame: at the end of a connection, that it was cut. */
    public boolean insideFrame() {
        return begun != null || at < read.length();
    }

    private Optional<Frame> whole() throws ProtocolException {
        int available = read.length() - at;
        if (available == 0) {
            return Optional.empty();
        }
        int total = available < Frame.HEADER_BYTES ? Frame.HEADER_BYTES : checkedLength(read, at);
        if (available < total) {
            begun = Buffer.buffer(Math.min(total, AHEAD * available));
            take(available);
            return Optional.empty();
        }
        Frame frame = frame(read, at, total);
        at += total;
        return Optional.of(frame);
    }

    private Optional<Frame> finished() throws ProtocolException {
        if (begun.length() < Frame.HEADER_BYTES) {
            take(Frame.HEADER_BYTES - begun.length());
            if (begun.length() < Frame.HEADER_BYTES) {
                return Optional.empty();
            }
        }
        int total = checkedLength(begun, 0);
        take(total - begun.length());
        if (begun.length() < total) {
            return Optional.empty();
        }
        Frame frame = frame(begun, 0, total);
        begun = null;
        return Optional.of(frame);
    }

    private void take(int wanted) {
        int count = Math.min(wanted, read.length() - at);
        begun.appendBuffer(read, at, count);
        at += count;
    }

    /** The length of the frame whose header is at the offset, header included. */
    private static int checkedLength(Buffer bytes, int offset) throws ProtocolException {
        int length = bytes.getUnsignedMedium(offset);
        if (length > Frame.MAX_PAYLOAD) {
            throw new ProtocolException("frame of " + length + " bytes; at most " + Frame.MAX_PAYLOAD + " are allowed");
        }
        FrameType.of(bytes.getUnsignedByte(offset + 3));
        return Frame.HEADER_BYTES + length;
    }

    private static Frame frame(Buffer bytes, int offset, int total) throws ProtocolException {
        return new Frame(
                FrameType.of(bytes.getUnsignedByte(offset + 3)),
                bytes.getInt(offset + 4),
                bytes.slice(offset + Frame.HEADER_BYTES, offset + total));
    }
}
