package dev.gatehouse.gateway.forward;

import dev.gatehouse.protocol.message.ErrorCode;
import dev.gatehouse.protocol.wire.Frame;
import dev.gatehouse.protocol.wire.ProtocolException;

/**
 * How many bytes of CHUNK payloads one link may carry: an absolute limit since its start that never shrinks.
 *
 * <p>A link may always have {@link #FLOOR} bytes on their way. What it may have beyond comes out of the {@link CaptureBudget}, doubles while the link uses what it has, up to the largest window, and is given back
 * as its chunks become durable when it no longer uses it or others need it.
 *
 * <p>Pure; confined to the link's context.
 */
public final class LinkWindow {

    /** One chunk of any size. */
    public static final long FLOOR = Frame.MAX_PAYLOAD;

    private final CaptureBudget budget;
    private final long largest;
    private long wanted;
    private long received;
    private long durable;
    private long held;
    private long limit;
    private long peak; // most on the way at once in this second

    LinkWindow(CaptureBudget budget, long largest) {
        this.budget = budget;
        this.largest = Math.max(FLOOR, largest);
        this.wanted = Math.min(this.largest, 4 * FLOOR);
        grow();
    }

    public long limit() {
        return limit;
    }

    /** Counts a CHUNK's payload in. */
    void received(int bytes) throws ProtocolException {
        received += bytes;
        if (received > limit) {
            throw new ProtocolException(
                    ErrorCode.WINDOW_EXCEEDED,
                    "CHUNK payloads of " + received + " bytes on this link; " + limit + " are allowed so far");
        }
        peak = Math.max(peak, received - durable);
    }

    /**
     * Counts bytes out that are durable, or were dropped and will come again.
     *
     * @return whether the limit is higher now
     */
    boolean returned(long bytes) {
        if (2 * peak >= FLOOR + held) {
            wanted = Math.min(largest, 2 * (FLOOR + held));
        }
        durable += bytes;
        long left = Math.max(0, limit - durable - FLOOR);
        budget.giveBack(held - left);
        held = left;
        long before = limit;
        grow();
        return limit > before;
    }

    /** Told each second: a window that was hardly used in it shrinks as the link goes on. */
    void quiet() {
        if (peak < (FLOOR + held) / 4) {
            wanted = Math.max(FLOOR, wanted / 2);
        }
        peak = received - durable;
    }

    /** The link has ended. */
    void release() {
        budget.giveBack(held);
        held = 0;
    }

    long onTheWay() {
        return received - durable;
    }

    long durable() {
        return durable;
    }

    private void grow() {
        long more = wanted - FLOOR - held;
        if (more > 0) {
            held += budget.take(more, held);
        }
        limit = Math.max(limit, durable + FLOOR + held);
    }
}
