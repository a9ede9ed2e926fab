package dev.gatehouse.protocol.tunnel;

import dev.gatehouse.protocol.message.ErrorCode;
import dev.gatehouse.protocol.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;

/** Where one direction of a tunnel comes into a gateway: nothing may come beyond what was granted. Pure; confined to the link it comes from. */
public final class RelayIn {

    private long arrived;
    private long granted;
    private boolean finished;

    /** @param consumed the number that the direction begins with on this attachment */
    public RelayIn(long consumed, long granted) {
        this.arrived = consumed;
        this.granted = granted;
    }

    public void granted(long limit) {
        granted = Math.max(granted, limit);
    }

    public void data(Buffer payload) throws ProtocolException {
        if (finished) {
            throw new ProtocolException(ErrorCode.BAD_ORDER, "DATA after the half-close of its tunnel");
        }
        if (payload.length() == 0) {
            finished = true;
            return;
        }
        if (payload.length() > granted - arrived) {
            throw new ProtocolException(
                    ErrorCode.WINDOW_EXCEEDED,
                    "DATA of " + payload.length() + " bytes on a tunnel; " + (granted - arrived) + " are left");
        }
        arrived += payload.length();
    }
}
