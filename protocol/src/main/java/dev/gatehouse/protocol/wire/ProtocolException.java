package dev.gatehouse.protocol.wire;

import dev.gatehouse.protocol.message.ErrorCode;

/** The other side has broken the protocol: the message names the value and what is allowed. The link is closed with {@link #code()}. */
public final class ProtocolException extends Exception {

    private final ErrorCode code;

    public ProtocolException(String message) {
        this(ErrorCode.BAD_FRAME, message);
    }

    public ProtocolException(ErrorCode code, String message) {
        super(message);
        this.code = code;
    }

    public ErrorCode code() {
        return code;
    }
}
