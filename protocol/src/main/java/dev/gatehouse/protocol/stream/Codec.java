package dev.gatehouse.protocol.stream;

import dev.gatehouse.protocol.wire.ProtocolException;

/** How a chunk's bytes are packed. */
public enum Codec {
    NONE(0),
    ZSTD(1);

    private final int code;

    Codec(int code) {
        this.code = code;
    }

    static Codec of(int code) throws ProtocolException {
        return switch (code) {
            case 0 -> NONE;
            case 1 -> ZSTD;
            default -> throw new ProtocolException("chunk codec " + code + "; 0 (none) and 1 (zstd) are known");
        };
    }

    public int code() {
        return code;
    }
}
