package dev.gatehouse.protocol.stream;

/**
 * What an agent may still send: total bytes of CHUNK payloads since the link's start, against the limit the gateway has granted.
 *
 * <p>Confined to its link's context.
 */
public final class SendWindow {

    private long limit;
    private long sent;

    public SendWindow(long limit) {
        this.limit = limit;
    }

    /** Takes a limit from WELCOME or ACK. One that is lower than what was granted before changes nothing. */
    public void raise(long granted) {
        limit = Math.max(limit, granted);
    }

    /** Whether a CHUNK with so long a payload may be sent now. */
    public boolean allows(int payloadBytes) {
        return payloadBytes <= limit - sent;
    }

    /** Notes that one was sent; it must have been allowed. */
    public void sent(int payloadBytes) {
        if (!allows(payloadBytes)) {
            throw new IllegalStateException(
                    "CHUNK of " + payloadBytes + " bytes; " + (limit - sent) + " are left in the window");
        }
        sent += payloadBytes;
    }

    /** Bytes that may still be sent. */
    public long left() {
        return limit - sent;
    }
}
