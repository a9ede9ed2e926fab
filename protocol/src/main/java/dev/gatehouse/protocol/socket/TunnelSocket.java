package dev.gatehouse.protocol.socket;

import dev.gatehouse.protocol.message.Close;
import dev.gatehouse.protocol.message.CloseCode;
import dev.gatehouse.protocol.message.Detached;
import dev.gatehouse.protocol.message.ErrorCode;
import dev.gatehouse.protocol.message.Opened;
import dev.gatehouse.protocol.transport.LinkTunnels;
import dev.gatehouse.protocol.tunnel.TunnelEnd;
import dev.gatehouse.protocol.tunnel.TunnelLimits;
import dev.gatehouse.protocol.tunnel.Window;
import dev.gatehouse.protocol.tunnel.WindowBudget;
import dev.gatehouse.protocol.wire.Frame;
import dev.gatehouse.protocol.wire.FrameType;
import dev.gatehouse.protocol.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/**
 * A local TCP connection at one end of a tunnel, and the channel that the tunnel is attached to at present.
 *
 * <p>Confined to the context of its socket and of the links it is attached to, which are the same.
 */
public final class TunnelSocket implements PlainSocket.Listener, LinkTunnels.Channel {

    /** Who looks after the tunnel. */
    public interface Owner {

        /** The answer to OPEN or RESUME; to be followed by {@link #attached}. */
        void opened(Opened opened) throws ProtocolException;

        /** The tunnel has lost its way. */
        void detached(String reason, int retryMillis);

        /** The tunnel is over; told once. */
        void ended(CloseCode code, String detail);
    }

    private final PlainSocket socket;
    private final TunnelEnd end;
    private final boolean user;
    private Owner owner;
    private LinkTunnels link;
    private int channel;
    private boolean localFinished;
    private boolean doneWaits;
    private boolean over;
    private long activeAt = System.nanoTime();

    /** @param user whether this is the user's end, which says when all is done */
    public TunnelSocket(PlainSocket socket, WindowBudget budget, boolean user) {
        this.socket = socket;
        this.end = new TunnelEnd(budget);
        this.user = user;
    }

    /** Begins to read the local connection. */
    public void start(Owner told) {
        owner = told;
        socket.start(this);
    }

    public TunnelEnd end() {
        return end;
    }

    public boolean isOver() {
        return over;
    }

    /** When the last byte came or went. */
    public long activeAt() {
        return activeAt;
    }

    /** The channel on which OPENED is waited for, or was sent. */
    public void on(LinkTunnels way, int number) {
        link = way;
        channel = number;
    }

    public boolean isOn(LinkTunnels way) {
        return link == way;
    }

    /** OPENED has come, or goes out now: bytes flow, beginning with the first that the other end has not taken over. */
    public void attached(long consumed, long limit) throws ProtocolException {
        end.attach(consumed, limit);
        pump();
        deliver();
    }

    /** Leaves its channel, if it has one; the tunnel waits. */
    public void leave(CloseCode code, String detail) {
        if (link != null) {
            LinkTunnels way = link;
            link = null;
            way.close(channel, code, detail);
        }
        end.detach();
    }

    /** Ends the tunnel: the other end is told, if there is a way, and the local connection breaks. */
    public void close(CloseCode code, String detail) {
        if (!over) {
            leave(code, detail);
            over(code, detail);
        }
    }

    // The link -------------------------------------------------------------------------------------------------------

    @Override
    public void frame(Frame frame) throws ProtocolException {
        switch (frame.type()) {
            case OPENED -> owner.opened(TunnelLimits.opened(frame.payload()));
            case DATA -> {
                requireAttached(frame);
                activeAt = System.nanoTime();
                end.data(frame.payload());
                deliver();
            }
            case WINDOW -> {
                requireAttached(frame);
                end.window(Window.decode(frame.payload()), System.nanoTime());
                tell();
                pump();
                doneIfDone();
            }
            case DETACHED -> {
                Detached detached = TunnelLimits.detached(frame.payload());
                lost(detached.getReason(), detached.getRetryMillis());
            }
            case CLOSE -> {
                Close close = TunnelLimits.close(frame.payload());
                link = null;
                end.detach();
                if (close.getCode() == CloseCode.DONE && !end.isDelivered()) {
                    doneWaits = true; // the local connection is slower than the other end
                } else {
                    over(close.getCode(), close.getDetail());
                }
            }
            default -> throw new ProtocolException(ErrorCode.BAD_ORDER, frame.type() + " on the channel of a tunnel");
        }
    }

    @Override
    public boolean sendNext() {
        Optional<Buffer> payload = end.next(Frame.MAX_PAYLOAD);
        if (payload.isPresent()) {
            activeAt = System.nanoTime();
            link.send(FrameType.DATA, channel, payload.get());
            if (!end.isFull()) {
                socket.resume();
            }
        }
        return end.hasNext();
    }

    @Override
    public void linkEnded() {
        lost("the link has ended", 0);
    }

    private void lost(String reason, int retryMillis) {
        link = null;
        end.detach();
        if (!over) {
            owner.detached(reason, retryMillis);
        }
    }

    private void requireAttached(Frame frame) throws ProtocolException {
        if (!end.isAttached()) {
            throw new ProtocolException(ErrorCode.BAD_ORDER, frame.type() + " before OPENED");
        }
    }

    // The local connection -------------------------------------------------------------------------------------------

    @Override
    public void data(Buffer bytes) {
        if (over) {
            return;
        }
        end.write(bytes);
        if (end.isFull()) {
            socket.pause();
        }
        pump();
    }

    @Override
    public void finished() {
        if (!over) {
            end.finish();
            pump();
        }
    }

    @Override
    public void drained() {
        if (!over) {
            deliver();
        }
    }

    @Override
    public void closed(boolean broken) {
        if (broken) {
            close(
                    user ? CloseCode.RESET_BY_USER : CloseCode.RESET_BY_TARGET,
                    user ? "the user's connection broke" : "the target's connection broke");
        }
    }

    private void pump() {
        if (end.hasNext()) {
            link.ready(channel);
        }
    }

    private void deliver() {
        while (socket.writable()) {
            Optional<Buffer> bytes = end.deliver();
            if (bytes.isEmpty()) {
                break;
            }
            socket.write(bytes.get());
        }
        if (!localFinished && end.isDelivered()) {
            localFinished = true;
            socket.finish();
        }
        tell();
        doneIfDone();
    }

    private void tell() {
        end.tell(System.nanoTime()).ifPresent(window -> link.send(FrameType.WINDOW, channel, window.encode()));
    }

    /** The user's end says so; the agent's waits for that, as the user's may not have heard of the last byte. */
    private void doneIfDone() {
        if (user && !over && end.isAttached() && end.isDone()) {
            leave(CloseCode.DONE, "");
            over(CloseCode.DONE, "");
        } else if (doneWaits && end.isDelivered()) {
            over(CloseCode.DONE, "");
        }
    }

    private void over(CloseCode code, String detail) {
        if (over) {
            return;
        }
        over = true;
        if (code != CloseCode.DONE) {
            socket.reset();
        }
        end.close();
        owner.ended(code, detail);
    }
}
