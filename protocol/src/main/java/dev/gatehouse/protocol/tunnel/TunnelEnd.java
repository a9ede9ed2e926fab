package dev.gatehouse.protocol.tunnel;

import dev.gatehouse.protocol.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Optional;

/**
 * One end of a tunnel: the bytes of a local connection in both directions, across any number of attachments to links. Whatever is lost with a link is sent again on the next attachment, and nothing arrives twice.
 *
 * <p>Pure: it is told what comes and asked what is to go. Times are {@link System#nanoTime()} values. Confined to its tunnel's context.
 */
public final class TunnelEnd {

    /** For so long a tunnel without a way is held, and a finished one remembered. */
    public static final Duration RESUME = Duration.ofSeconds(60);

    private final SendBuffer sending = new SendBuffer();
    private final ReceiveBuffer receiving;
    private boolean attached;

    /** @param budget for the windows of the tunnels of this end's link */
    public TunnelEnd(WindowBudget budget) {
        receiving = new ReceiveBuffer(budget);
    }

    // What the local connection says ---------------------------------------------------------------------------------

    public void write(Buffer bytes) {
        sending.write(bytes);
    }

    /** The local connection sends nothing more. */
    public void finish() {
        sending.finish();
    }

    /** Whether so much is unsent that the local connection should not be read. */
    public boolean isFull() {
        return sending.isFull();
    }

    // What it is told ------------------------------------------------------------------------------------------------

    /** Bytes for the local connection; nothing if there are none now. */
    public Optional<Buffer> deliver() {
        return receiving.deliver();
    }

    /** Whether the other side has sent its last byte, and it is delivered. */
    public boolean isDelivered() {
        return receiving.isDone();
    }

    // The link -------------------------------------------------------------------------------------------------------

    /**
     * The tunnel has a way from now on.
     *
     * @param consumed what the other end has taken over, as its OPENED or RESUME says
     */
    public void attach(long consumed, long limit) throws ProtocolException {
        sending.resume(consumed, limit);
        attached = true;
    }

    /** The tunnel has lost its way, or is about to be told of a new one: what {@link #received} and {@link #limit} say from now on holds until then. */
    public void detach() {
        attached = false;
        receiving.moved();
    }

    public boolean isAttached() {
        return attached;
    }

    /** For OPEN, OPENED and RESUME. */
    public long received() {
        return receiving.received();
    }

    /** For OPEN, OPENED and RESUME. */
    public long limit() {
        return receiving.limit();
    }

    /** The payload of the next DATA; empty bytes are the half-close. */
    public Optional<Buffer> next(int most) {
        return attached ? sending.next(most) : Optional.empty();
    }

    public boolean hasNext() {
        return attached && sending.hasNext();
    }

    public void data(Buffer payload) throws ProtocolException {
        receiving.data(payload);
    }

    public void window(Window window, long now) throws ProtocolException {
        sending.confirmed(window.consumed(), window.limit());
        receiving.window(window, now);
    }

    /** The WINDOW that is to go out now, if one is. */
    public Optional<Window> tell(long now) {
        return attached ? receiving.tell(now) : Optional.empty();
    }

    // Its end --------------------------------------------------------------------------------------------------------

    /** Whether both directions have ended, and all of it was taken over by whom it is for. */
    public boolean isDone() {
        return sending.isDone() && receiving.isDone();
    }

    /** Bytes read from the local connection. */
    public long bytesSent() {
        return sending.total();
    }

    /** Bytes written to the local connection. */
    public long bytesDelivered() {
        return receiving.delivered();
    }

    /** Nanoseconds end to end and back; -1 if that was not measured yet. */
    public long roundTripNanos() {
        return receiving.roundTripNanos();
    }

    /** Gives back what it held. */
    public void close() {
        attached = false;
        receiving.close();
    }
}
