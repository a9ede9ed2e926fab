package dev.gatehouse.protocol.transport;

import com.google.protobuf.MessageLite;
import dev.gatehouse.protocol.message.Close;
import dev.gatehouse.protocol.message.CloseCode;
import dev.gatehouse.protocol.message.ErrorCode;
import dev.gatehouse.protocol.tunnel.WindowBudget;
import dev.gatehouse.protocol.wire.Frame;
import dev.gatehouse.protocol.wire.FrameType;
import dev.gatehouse.protocol.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/**
 * The tunnels of one link: which channel is whose, and whose DATA goes next, one frame each in turn. Numbers of tunnels have the highest bit set and rise; only one side of a link opens.
 *
 * <p>Confined to its link's context.
 */
public final class LinkTunnels {

    /** Tunnels of one link at once. */
    public static final int MOST = 10_000;

    private static final int TUNNEL = 0x8000_0000;

    /** A tunnel on this link. */
    public interface Channel {

        /** OPENED, DATA, WINDOW, DETACHED or CLOSE. After the last two it is no channel of this link any more. */
        void frame(Frame frame) throws ProtocolException;

        /**
         * Sends one DATA, if there is one to be sent.
         *
         * @return whether there is another
         */
        boolean sendNext();

        /** The link has ended, and the channel with it. */
        void linkEnded();
    }

    /** Who is asked by the other side. */
    @FunctionalInterface
    public interface Acceptor {

        /** OPEN or RESUME on a new channel: to be accepted or closed, now or later. */
        void asked(int channel, Frame frame) throws ProtocolException;
    }

    private static final class Entry {
        final int number;
        final Channel channel;
        boolean queued;

        Entry(int number, Channel channel) {
            this.number = number;
            this.channel = channel;
        }
    }

    private final Link link;
    private final Acceptor acceptor; // null where this side opens
    private final WindowBudget budget = new WindowBudget(WindowBudget.LINK);
    private final Map<Integer, Entry> channels = new HashMap<>(4);
    private final Queue<Entry> ready = new ArrayDeque<>(4);
    private int highest;
    private boolean ended;

    private LinkTunnels(Link link, Acceptor acceptor) {
        this.link = link;
        this.acceptor = acceptor;
    }

    /** Those of a link over which this side opens tunnels. */
    public static LinkTunnels opening(Link link) {
        return new LinkTunnels(link, null);
    }

    /** Those of a link over which the other side opens tunnels. */
    public static LinkTunnels accepting(Link link, Acceptor acceptor) {
        return new LinkTunnels(link, acceptor);
    }

    /** Whether a frame is for here. */
    public static boolean isTunnel(FrameType type) {
        return switch (type) {
            case OPEN, OPENED, RESUME, DETACHED, CLOSE, DATA, WINDOW -> true;
            case CONTROL, STREAM_OPEN, STREAM_OPENED, CHUNK, ACK, PING, PONG -> false;
        };
    }

    public Link link() {
        return link;
    }

    /** For what these tunnels hold. */
    public WindowBudget budget() {
        return budget;
    }

    public int count() {
        return channels.size();
    }

    public boolean isOpen() {
        return !ended;
    }

    /** Takes a new number and sends OPEN or RESUME on it. */
    public int open(FrameType type, MessageLite message, Channel channel) {
        if (acceptor != null || ended || highest == Integer.MAX_VALUE) {
            throw new IllegalStateException(ended ? "the link has ended" : "this side does not open tunnels");
        }
        int number = ++highest | TUNNEL;
        channels.put(number, new Entry(number, channel));
        link.send(Frame.of(type, number, message));
        return number;
    }

    /** The channel that was asked for is this one's. */
    public void accept(int number, Channel channel) {
        channels.put(number, new Entry(number, channel));
    }

    public void send(FrameType type, int number, MessageLite message) {
        link.send(Frame.of(type, number, message));
    }

    public void send(FrameType type, int number, Buffer payload) {
        link.send(new Frame(type, number, payload));
    }

    /** The channel has DATA to send. */
    public void ready(int number) {
        Entry entry = channels.get(number);
        if (entry != null && !entry.queued) {
            entry.queued = true;
            ready.add(entry);
        }
        sendReady();
    }

    /** Sends CLOSE and forgets the channel. */
    public void close(int number, CloseCode code, String detail) {
        release(number);
        send(
                FrameType.CLOSE,
                number,
                Close.newBuilder().setCode(code).setDetail(detail).build());
    }

    /** Forgets the channel; what still comes on it is dropped. */
    public void release(int number) {
        channels.remove(number);
    }

    /** Takes a frame for which {@link #isTunnel} holds. */
    public void received(Frame frame) throws ProtocolException {
        int number = frame.channel();
        if (number >= 0) {
            throw order(frame, "numbers of tunnels have the highest bit set");
        }
        int index = number & ~TUNNEL;
        if (frame.type() == FrameType.OPEN || frame.type() == FrameType.RESUME) {
            if (acceptor == null) {
                throw order(frame, "tunnels are opened by the other side");
            }
            if (index <= highest) {
                throw order(frame, "numbers rise");
            }
            highest = index;
            if (channels.size() >= MOST) {
                close(number, CloseCode.TOO_MANY, MOST + " tunnels are open on this link");
            } else {
                acceptor.asked(number, frame);
            }
            return;
        }
        if (index > highest) {
            throw order(frame, "it was never opened");
        }
        Entry entry = channels.get(number);
        if (entry == null) {
            return; // closed while this was on its way
        }
        if (frame.type() == FrameType.CLOSE || frame.type() == FrameType.DETACHED) {
            channels.remove(number);
        }
        entry.channel.frame(frame);
    }

    /** The link has room again. */
    public void drained() {
        sendReady();
    }

    /** The link has ended. */
    public void ended() {
        if (ended) {
            return;
        }
        ended = true;
        List<Entry> all = List.copyOf(channels.values());
        channels.clear();
        ready.clear();
        all.forEach(entry -> entry.channel.linkEnded());
    }

    private void sendReady() {
        while (!ready.isEmpty() && link.writable(Priority.TUNNEL)) {
            Entry entry = ready.remove();
            entry.queued = false;
            if (channels.get(entry.number) == entry && entry.channel.sendNext() && !entry.queued) {
                entry.queued = true;
                ready.add(entry);
            }
        }
    }

    private static ProtocolException order(Frame frame, String why) {
        return new ProtocolException(
                ErrorCode.BAD_ORDER,
                frame.type() + " on channel " + Integer.toUnsignedString(frame.channel()) + ": " + why);
    }
}
