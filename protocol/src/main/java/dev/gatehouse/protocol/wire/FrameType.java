package dev.gatehouse.protocol.wire;

/** The kinds of frame, in the order of their codes on the wire ({@code docs/protocol.md}, "Frames"). */
public enum FrameType {
    CONTROL,
    STREAM_OPEN,
    STREAM_OPENED,
    CHUNK,
    ACK,
    OPEN,
    OPENED,
    RESUME,
    DETACHED,
    CLOSE,
    DATA,
    WINDOW,
    PING,
    PONG;

    private static final FrameType[] BY_CODE = values();

    static FrameType of(int code) throws ProtocolException {
        if (code >= BY_CODE.length) {
            throw new ProtocolException("frame type " + code + "; 0 to " + (BY_CODE.length - 1) + " are known");
        }
        return BY_CODE[code];
    }

    int code() {
        return ordinal();
    }
}
