package dev.gatehouse.protocol.transport;

import dev.gatehouse.protocol.message.Control;
import dev.gatehouse.protocol.message.ErrorCode;
import dev.gatehouse.protocol.message.LinkError;
import dev.gatehouse.protocol.transport.LinkEnd.Cause;
import dev.gatehouse.protocol.wire.Frame;
import dev.gatehouse.protocol.wire.FrameDecoder;
import dev.gatehouse.protocol.wire.FrameType;
import dev.gatehouse.protocol.wire.ProtocolException;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocketBase;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection that carries frames both ways, over TCP or WebSocket.
 *
 * <p>Frames go out by {@link Priority}, through at most 256 KiB of socket queue. The other end's silence is noticed: any received byte is a sign of life, and one is asked for with PING. Its end is told once, also when the connection never says so.
 *
 * <p>Confined to the context it was made on; every method is called there. A little above 300 lines: reading, writing, liveness and the one end all turn on the same state.
 */
public final class Link {

    /** Bound for what waits in the socket: a last piece may be added as long as this less one piece is not reached. */
    static final int SOCKET_QUEUE = 256 * 1024;

    private static final int PING_BYTES = 8;
    private static final Logger log = LoggerFactory.getLogger(Link.class);

    private enum State {
        MADE,
        OPEN,
        CLOSING,
        CLOSED
    }

    private final Vertx vertx;
    private final Context context;
    private final Wire wire;
    private final LinkSettings settings;
    private final FrameDecoder decoder = new FrameDecoder();
    private final Outbox outbox = new Outbox();

    private State state = State.MADE;
    private FrameHandler frames;
    private Consumer<LinkEnd> ended;
    private Runnable drained = () -> {};
    private final Set<Priority> awaited = EnumSet.noneOf(Priority.class); // whose senders wait for room
    private boolean flushing; // flush() will be called, by the next turn or by the socket's drain
    private long receivedAt;
    private long pingedAt;
    private long timer = -1;
    private OptionalLong roundTrip = OptionalLong.empty();
    private LinkEnd end = new LinkEnd(Cause.THEIRS, Optional.empty(), "the other end closed the connection");

    private Link(Vertx vertx, Wire wire, LinkSettings settings) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.wire = wire;
        this.settings = settings;
        wire.in().exceptionHandler(cause -> log.debug("Connection to {} broke", wire.remote(), cause));
        wire.in().pause(); // until someone takes the frames
        wire.out().setWriteQueueMaxSize(SOCKET_QUEUE - Outbox.PIECE);
        wire.onClose().accept(gone -> finish());
    }

    /** A link over a TCP connection; to be called on the socket's context. */
    public static Link over(Vertx vertx, NetSocket socket, LinkSettings settings) {
        return new Link(vertx, Wire.of(socket), settings);
    }

    /** A link over a WebSocket; to be called on the socket's context. */
    public static Link over(Vertx vertx, WebSocketBase socket, LinkSettings settings) {
        return new Link(vertx, Wire.of(socket), settings);
    }

    /**
     * Starts to read. Nothing that was received before is lost.
     *
     * @param ended told once, after the last frame
     */
    public void start(FrameHandler frames, Consumer<LinkEnd> ended) {
        this.frames = frames;
        this.ended = ended;
        if (state == State.CLOSED) { // gone before anyone listened
            ended.accept(end);
            return;
        }
        if (state == State.CLOSING) {
            return;
        }
        state = State.OPEN;
        receivedAt = System.nanoTime();
        pingedAt = receivedAt;
        arm(settings.ping().toNanos());
        wire.in().handler(this::received);
        wire.in().resume();
    }

    /** Sends a frame with its type's priority. */
    public void send(Frame frame) {
        send(frame, Priority.of(frame.type()));
    }

    /** Sends a frame. It is forgotten when the link is closing; the link closes when far too much waits already. */
    public void send(Frame frame, Priority priority) {
        if (state != State.OPEN && state != State.MADE) {
            return;
        }
        if (!outbox.offer(frame, priority)) {
            closeBecause(Cause.OVERFLOW, error(ErrorCode.OVERLOADED, "more than " + Outbox.LIMIT + " bytes wait"));
            return;
        }
        if (!flushing) {
            flushing = true; // frames sent in the same turn go out together
            context.runOnContext(turn -> flush());
        }
    }

    /** Sends a control message. */
    public void send(Control message) {
        send(Frame.of(FrameType.CONTROL, 0, message));
    }

    /** Whether a sender of this priority should go on; if not, {@link #onDrain} says when to ask again. */
    public boolean writable(Priority priority) {
        boolean writable = outbox.writable(priority);
        if (!writable) {
            awaited.add(priority);
        }
        return writable;
    }

    /** Who is told that a priority which was not writable may be so again. */
    public void onDrain(Runnable drained) {
        this.drained = drained;
    }

    /** Says why, and closes. What waits to be sent is dropped, the error is flushed; takes {@link LinkSettings#closing} at most. */
    public void close(LinkError error) {
        closeBecause(Cause.OURS, error);
    }

    /** Closes after all that waits has been sent, or {@link LinkSettings#closing} later. */
    public void close() {
        if (state == State.OPEN || state == State.MADE) {
            end = new LinkEnd(Cause.OURS, Optional.empty(), "closed by this end");
            startClosing();
        }
    }

    /** Whether frames can be sent. */
    public boolean isOpen() {
        return state == State.OPEN;
    }

    /** Asks for a sign of life now; until it comes {@link #roundTripNanos} is empty. */
    public void ping() {
        roundTrip = OptionalLong.empty();
        ping(System.nanoTime());
    }

    /** Nanoseconds from the last PING to its PONG. */
    public OptionalLong roundTripNanos() {
        return roundTrip;
    }

    public SocketAddress remoteAddress() {
        return wire.remote();
    }

    /** Where its methods must be called. */
    public Context context() {
        return context;
    }

    static LinkError error(ErrorCode code, String detail) {
        return LinkError.newBuilder().setCode(code).setDetail(detail).build();
    }

    private void received(Buffer bytes) {
        receivedAt = System.nanoTime();
        if (state != State.OPEN) {
            return;
        }
        try {
            decoder.add(bytes);
            Optional<Frame> frame = decoder.next();
            while (frame.isPresent() && state == State.OPEN) {
                handle(frame.get());
                frame = decoder.next();
            }
        } catch (ProtocolException e) {
            closeBecause(Cause.BROKEN, error(e.code(), e.getMessage()));
        } catch (RuntimeException e) {
            log.error("Frame from {} not handled", wire.remote(), e);
            closeBecause(Cause.FAULT, error(ErrorCode.INTERNAL, "internal error"));
        }
    }

    private void handle(Frame frame) throws ProtocolException {
        switch (frame.type()) {
            case PING -> send(new Frame(FrameType.PONG, 0, checkedPing(frame)));
            case PONG -> {
                long askedAt = checkedPing(frame).getLong(0);
                if (askedAt == pingedAt) {
                    roundTrip = OptionalLong.of(receivedAt - askedAt);
                }
            }
            default -> frames.handle(frame);
        }
    }

    private static Buffer checkedPing(Frame frame) throws ProtocolException {
        if (frame.channel() != 0 || frame.payload().length() != PING_BYTES) {
            throw new ProtocolException(frame.type() + " of " + frame.payload().length() + " bytes on channel "
                    + frame.channel() + "; " + PING_BYTES + " bytes on channel 0 are needed");
        }
        return frame.payload();
    }

    private void flush() {
        while (!outbox.isEmpty() && !wire.out().writeQueueFull() && state != State.CLOSED) {
            wire.out().write(outbox.take());
        }
        flushing = !outbox.isEmpty();
        if (flushing) {
            wire.out().drainHandler(room -> flush());
        } else if (state == State.CLOSING) {
            wire.close().run();
        }
        if (state == State.OPEN && awaited.removeIf(outbox::writable)) {
            drained.run(); // tunnels don't wait for recordings
        }
    }

    private void arm(long nanos) {
        timer = vertx.setTimer(Math.max(1, nanos / 1_000_000), fired -> beat());
    }

    /** One timer that sleeps until the next thing can be due: a PING after a quiet while, or the verdict. */
    private void beat() {
        long now = System.nanoTime();
        long quiet = now - receivedAt;
        long silence = settings.silence().toNanos();
        long ping = settings.ping().toNanos();
        if (quiet >= silence) {
            closeBecause(Cause.SILENT, error(ErrorCode.SILENT, "not a byte for " + quiet / 1_000_000 + " ms"));
            return;
        }
        if (quiet >= ping && now - pingedAt >= ping) {
            ping(now);
        }
        if (state == State.OPEN) {
            arm(Math.min(quiet < ping ? ping - quiet : ping, silence - quiet) + 1_000_000); // timers round down
        }
    }

    private void ping(long now) {
        pingedAt = now;
        send(new Frame(FrameType.PING, 0, Buffer.buffer(PING_BYTES).appendLong(now)));
    }

    private void closeBecause(Cause cause, LinkError error) {
        if (state != State.OPEN && state != State.MADE) {
            return;
        }
        end = new LinkEnd(cause, Optional.of(error), error.getDetail());
        outbox.clear();
        outbox.offer(
                Frame.of(
                        FrameType.CONTROL,
                        0,
                        Control.newBuilder().setError(error).build()),
                Priority.CONTROL);
        startClosing();
    }

    private void startClosing() {
        state = State.CLOSING;
        vertx.cancelTimer(timer);
        timer = vertx.setTimer(settings.closing().toMillis(), fired -> {
            wire.close().run();
            wire.in().pause(); // what is stuck is ended by the transport, when it has read nothing for a while
            finish();
        });
        flush();
    }

    private void finish() {
        if (state == State.CLOSED) {
            return;
        }
        if (decoder.insideFrame() && end.cause() == Cause.THEIRS) {
            end = new LinkEnd(Cause.THEIRS, Optional.empty(), "the connection was cut inside a frame");
        }
        state = State.CLOSED;
        vertx.cancelTimer(timer);
        outbox.clear();
        if (ended != null) {
            ended.accept(end);
        }
    }
}
