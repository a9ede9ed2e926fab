package dev.gatehouse.agent;

import dev.gatehouse.protocol.message.ErrorCode;
import dev.gatehouse.protocol.wire.ProtocolException;
import java.util.OptionalLong;

/**
 * What a gateway has granted to one link, and holds of it: all numbers are total bytes of CHUNK payloads since the link's start. The limit only rises.
 *
 * <p>Confined to its link's context.
 */
final class ReceiveWindow {

    /** A rise is told when it is at least this part of the window: fewer ACKs, and the agent is never near the end of a window that has room. */
    private static final int TOLD_PART = 4;

    private long limit;
    private long received;
    private long settled;

    /** The limit to say in WELCOME. */
    public ReceiveWindow(long limit) {
        this.limit = limit;
    }

    /** Counts a CHUNK's payload. Beyond the limit the agent has broken the protocol. */
    public void received(int payloadBytes) throws ProtocolException {
        received += payloadBytes;
        if (received > limit) {
            throw new ProtocolException(
                    ErrorCode.WINDOW_EXCEEDED,
                    received + " bytes of CHUNKs on this link; at most " + limit + " are granted so far");
        }
    }

    /** Counts payload bytes that the gateway no longer holds: durable, or dropped. */
    public void settled(long payloadBytes) {
        settled += payloadBytes;
        if (settled > received) {
            throw new IllegalStateException(settled + " bytes settled; only " + received + " were received");
        }
    }

    /**
     * Raises the limit so that {@code size} bytes may be unsettled at once, and gives it if that is worth telling now. A smaller size than before, down to 0, works as the agent uses up what it was granted.
     */
    public OptionalLong raise(long size) {
        long wanted = settled + size;
        if (wanted <= limit || wanted - limit < size / TOLD_PART) {
            return OptionalLong.empty();
        }
        limit = wanted;
        return OptionalLong.of(limit);
    }

    /** The limit as it was told last; what an ACK carries. */
    public long limit() {
        return limit;
    }

    /** Bytes received that are not settled: in the gateway's memory. */
    public long held() {
        return received - settled;
    }

    /** Bytes that the gateway must be able to hold: those it holds, and those the agent may send any time. */
    public long promised() {
        return limit - settled;
    }
}
