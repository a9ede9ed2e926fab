package dev.gatehouse.gateway.splice;

import dev.gatehouse.protocol.message.Close;
import dev.gatehouse.protocol.message.CloseCode;
import dev.gatehouse.protocol.message.Detached;
import dev.gatehouse.protocol.message.ErrorCode;
import dev.gatehouse.protocol.transport.LinkTunnels;
import dev.gatehouse.protocol.tunnel.RelayIn;
import dev.gatehouse.protocol.tunnel.RelayOut;
import dev.gatehouse.protocol.tunnel.TunnelLimits;
import dev.gatehouse.protocol.tunnel.Window;
import dev.gatehouse.protocol.wire.Frame;
import dev.gatehouse.protocol.wire.FrameType;
import dev.gatehouse.protocol.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/**
 * One of the two channels that a tunnel has at this gateway. What comes in is checked against what was granted and handed to the other side; what the other side hands over waits for room in the link.
 *
 * <p>Confined to its link's context, across which {@link Crossing} leads.
 */
final class Side implements LinkTunnels.Channel {

    /** A tunnel that lost its way asks again after this. */
    private static final int RETRY_MILLIS = 0;

    /** Who hears of it while it is not joined to another side. */
    interface Watcher {

        /** OPENED or CLOSE; on the side's context. */
        void answered(Frame frame) throws ProtocolException;

        /** DETACHED, or the link has ended; on the side's context. */
        void lost(String reason);
    }

    private final LinkTunnels link;
    private final Traffic traffic;
    private final boolean up; // leads towards the agent
    private int number;
    private Watcher watcher; // null once joined
    private Side other;
    private Crossing crossing;
    private RelayIn in;
    private RelayOut out;
    private boolean over;

    Side(LinkTunnels link, boolean up, Watcher watcher, Traffic traffic) {
        this.link = link;
        this.up = up;
        this.watcher = watcher;
        this.traffic = traffic;
    }

    LinkTunnels link() {
        return link;
    }

    int number() {
        return number;
    }

    void on(int channel) {
        number = channel;
    }

    boolean isOver() {
        return over;
    }

    /**
     * What the direction out of this gateway by this side begins with.
     *
     * @return the limit to be told to the sending end
     */
    long out(long consumed, long limit) {
        out = new RelayOut(link.budget(), consumed, limit);
        return out.granted();
    }

    /** What the direction into this gateway by this side begins with. */
    void in(long consumed, long granted) {
        in = new RelayIn(consumed, granted);
    }

    void join(Side to) {
        other = to;
        crossing = new Crossing(link.link().context(), to.link.link().context());
        watcher = null;
    }

    /** Posts to the other side's context, in order with what goes there. */
    void cross(Runnable work) {
        crossing.post(work);
    }

    /** Ends the tunnel at both of its ends. */
    void cut(CloseCode code, String detail) {
        if (!over && other != null) {
            Side to = other;
            crossing.post(() -> to.close(code, detail));
        }
        close(code, detail);
    }

    /** The channel is no more; nothing is said. */
    void gone() {
        end();
    }

    // What comes from the link ---------------------------------------------------------------------------------------

    @Override
    public void frame(Frame frame) throws ProtocolException {
        if (watcher != null) {
            switch (frame.type()) {
                case OPENED, CLOSE -> watcher.answered(frame);
                case DETACHED -> {
                    end();
                    watcher.lost(TunnelLimits.detached(frame.payload()).getReason());
                }
                default -> throw new ProtocolException(ErrorCode.BAD_ORDER, frame.type() + " before OPENED");
            }
            return;
        }
        switch (frame.type()) {
            case DATA -> {
                Buffer payload = frame.payload();
                in.data(payload);
                crossing.post(() -> other.forward(payload));
            }
            case WINDOW -> {
                Window window = out.window(Window.decode(frame.payload()));
                crossing.post(() -> other.tell(window));
            }
            case CLOSE -> {
                Close close = TunnelLimits.close(frame.payload());
                end();
                crossing.post(() -> other.close(close.getCode(), close.getDetail()));
            }
            case DETACHED -> {
                Detached detached = TunnelLimits.detached(frame.payload());
                end();
                crossing.post(() -> other.detach(detached.getReason()));
            }
            default -> throw new ProtocolException(ErrorCode.BAD_ORDER, frame.type() + " on a tunnel that is open");
        }
    }

    @Override
    public boolean sendNext() {
        Optional<Buffer> payload = out.next();
        if (payload.isPresent()) {
            traffic.relayed(up, payload.get().length());
            link.send(FrameType.DATA, number, payload.get());
            out.tell().ifPresent(window -> crossing.post(() -> other.tell(window)));
        }
        return out.hasNext();
    }

    @Override
    public void linkEnded() {
        String reason = up ? "the link to the agent has ended" : "the user's link has ended";
        end();
        if (watcher != null) {
            watcher.lost(reason);
        } else {
            crossing.post(() -> other.detach(reason));
        }
    }

    // What the other side says, on this side's context ---------------------------------------------------------------

    private void forward(Buffer payload) {
        if (!over) {
            out.add(payload);
            link.ready(number);
        }
    }

    private void tell(Window window) {
        if (!over) {
            in.granted(window.limit());
            link.send(FrameType.WINDOW, number, window.encode());
        }
    }

    void close(CloseCode code, String detail) {
        if (!over) {
            end();
            if (number != 0) { // it has been opened
                link.close(number, code, detail);
            }
        }
    }

    void detach(String reason) {
        if (!over) {
            end();
            if (number == 0) {
                return; // it was never opened
            }
            link.release(number);
            link.send(
                    FrameType.DETACHED,
                    number,
                    Detached.newBuilder()
                            .setReason(reason)
                            .setRetryMillis(RETRY_MILLIS)
                            .build());
        }
    }

    private void end() {
        over = true;
        if (!up) {
            traffic.ended();
        }
        if (out != null) {
            out.close();
        }
    }
}
