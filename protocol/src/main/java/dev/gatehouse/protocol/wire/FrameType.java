package dev.gatehouse.protocol.wire;

/** The kinds of frame, in the order of their codes on the wire ({@code docs/protocol.md}, "Frames"). */
public enum FrameType {
    CONTROL(0),
    STREAM_OPEN(1),
    STREAM_OPENED(2),
    CHUNK(3),
    ACK(4),
    OPEN(5),
    OPENED(6),
    RESUME(7),
    DETACHED(8),
    CLOSE(9),
    DATA(10),
    WINDOW(11),
    PING(12),
    PONG(13);

    private static final FrameType[] BY_CODE = values();

    private final int code;

    FrameType(int code) {
        this.code = code;
    }

    static FrameType of(int code) throws ProtocolException {
        if (code >= BY_CODE.length) {
            throw new ProtocolException("frame type " + code + "; 0 to " + (BY_CODE.length - 1) + " are known");
        }
        return BY_CODE[code];
    }

    int code() {
        return code;
    }
}
