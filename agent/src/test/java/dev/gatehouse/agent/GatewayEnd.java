package dev.gatehouse.agent;

import dev.gatehouse.protocol.link.ControlFrame;
import dev.gatehouse.protocol.link.MessageLimits;
import dev.gatehouse.protocol.message.Control;
import dev.gatehouse.protocol.message.ErrorCode;
import dev.gatehouse.protocol.message.StreamOpen;
import dev.gatehouse.protocol.stream.Chunk;
import dev.gatehouse.protocol.wire.Frame;
import dev.gatehouse.protocol.wire.FrameType;
import dev.gatehouse.protocol.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.Map;

/**
 * A gateway's end of a link that is strict with the agents under test: says what each frame of the agent means, or that it is against the protocol.
 *
 * <p>It is told what the gateway has decided ({@link #welcomed}, {@link #answered}, {@link #ended}, {@link #rewound}) at the moment in which it sends that. Confined to the link's context.
 */
final class GatewayEnd {

    /** Streams that an agent may have open on one link at once. */
    public static final int MAX_STREAMS = 1024;

    /** Where the link stands. */
    public enum State {
        AWAIT_HELLO,
        /** HELLO is being checked and the link registered; the agent has to wait. */
        HELLO_RECEIVED,
        OPEN,
        /** One of both has said GO_AWAY. */
        LEAVING,
        CLOSED
    }

    private static final long UNKNOWN = -1;

    private enum Phase {
        ASKED,
        OPEN,
        ENDED
    }

    private static final class Channel {
        Phase phase = Phase.ASKED;
        long nextSequence = UNKNOWN;
    }

    private final Map<Integer, Channel> channels = new HashMap<>(4);
    private State state = State.AWAIT_HELLO;
    private ReceiveWindow window;
    private int highest;
    private int rewoundUpTo;

    public State state() {
        return state;
    }

    /** The window of this link, once it is welcomed. */
    public ReceiveWindow window() {
        return window;
    }

    /** WELCOME is sent, with the window's limit. */
    public void welcomed(ReceiveWindow granted) {
        require(State.HELLO_RECEIVED);
        window = granted;
        state = State.OPEN;
    }

    /** GO_AWAY is sent. */
    public void leaving() {
        if (state == State.OPEN) {
            state = State.LEAVING;
        }
    }

    /** The link's connection has gone, or an error was sent. */
    public void closed() {
        state = State.CLOSED;
        channels.clear();
    }

    /** STREAM_OPENED is sent: {@code taken} says whether its state is OPEN_FOR_CHUNKS. False means that the channel has been closed meanwhile, and nothing needs to be sent. */
    public boolean answered(int channel, boolean taken) {
        Channel asked = channels.get(channel);
        if (asked == null || asked.phase != Phase.ASKED) {
            return false;
        }
        asked.phase = taken ? Phase.OPEN : Phase.ENDED;
        return true;
    }

    /** STREAM_OPENED with another state than OPEN_FOR_CHUNKS is sent on an open channel: chunks on their way are dropped. */
    public void ended(int channel) {
        channels.computeIfPresent(channel, (number, open) -> {
            open.phase = Phase.ENDED;
            return open;
        });
    }

    /** REWIND is sent: all channels are closed, chunks on their way are dropped. */
    public void rewound() {
        channels.clear();
        rewoundUpTo = highest;
    }

    /** What the agent's frame means. After an exception the link is to be closed with its code. */
    public FromAgent received(Frame frame) throws ProtocolException {
        return switch (frame.type()) {
            case CONTROL -> said(frame);
            case STREAM_OPEN -> openStream(frame);
            case CHUNK -> chunk(frame);
            default -> throw order(frame.type() + " is not for an agent to send now");
        };
    }

    private FromAgent said(Frame frame) throws ProtocolException {
        Control control = ControlFrame.read(frame);
        boolean allowed = switch (control.getBodyCase()) {
            case ERROR -> true;
            case HELLO -> state == State.AWAIT_HELLO;
            case HEARTBEAT, RESOURCES, COMMAND_RESULT, RENEW, GO_AWAY, BODY_NOT_SET -> isUp();
            default -> false;
        };
        if (!allowed) {
            throw order(control.getBodyCase() + " is not allowed");
        }
        MessageLimits.check(control);
        switch (control.getBodyCase()) {
            case HELLO -> state = State.HELLO_RECEIVED;
            case GO_AWAY -> state = State.LEAVING;
            case ERROR -> state = State.CLOSED;
            default -> {}
        }
        return new FromAgent.Said(control);
    }

    private FromAgent openStream(Frame frame) throws ProtocolException {
        requireUp(frame.type());
        if (frame.channel() <= highest) { // also refuses 0 and those with the highest bit, which are tunnels'
            throw order("STREAM_OPEN on channel " + Integer.toUnsignedString(frame.channel()) + "; " + (highest + 1L)
                    + " to " + Integer.MAX_VALUE + " are unused");
        }
        if (channels.size() >= MAX_STREAMS) {
            channels.values().removeIf(channel -> channel.phase == Phase.ENDED);
            if (channels.size() >= MAX_STREAMS) {
                throw order("more than " + MAX_STREAMS + " open streams are not allowed");
            }
        }
        StreamOpen open = MessageLimits.parse("STREAM_OPEN", StreamOpen.parser(), frame.payload());
        MessageLimits.check(open);
        highest = frame.channel();
        channels.put(highest, new Channel());
        return new FromAgent.OpenStream(highest, open);
    }

    private FromAgent chunk(Frame frame) throws ProtocolException {
        requireUp(frame.type());
        Buffer payload = frame.payload();
        if (payload.length() < Chunk.HEADER_BYTES || Chunk.sequence(payload) < 0) {
            throw new ProtocolException("CHUNK of " + payload.length() + " bytes; at least " + Chunk.HEADER_BYTES
                    + " with a sequence up to 2^63-1 are needed");
        }
        window.received(payload.length());
        Channel channel = channels.get(frame.channel());
        if (channel == null) {
            if (frame.channel() > 0 && frame.channel() <= rewoundUpTo) {
                return new FromAgent.Dropped(payload.length());
            }
            throw order("CHUNK on channel " + Integer.toUnsignedString(frame.channel()) + ", which is not open");
        }
        return switch (channel.phase) {
            case ASKED -> throw order("CHUNK on channel " + frame.channel() + " before its STREAM_OPENED");
            case ENDED -> new FromAgent.Dropped(payload.length());
            case OPEN -> carried(frame.channel(), channel, payload);
        };
    }

    private FromAgent carried(int number, Channel channel, Buffer payload) throws ProtocolException {
        long sequence = Chunk.sequence(payload);
        if (channel.nextSequence != UNKNOWN && sequence != channel.nextSequence) {
            throw order("CHUNK " + sequence + " on channel " + number + "; " + channel.nextSequence + " is next");
        }
        channel.nextSequence = sequence + 1;
        boolean fin = Chunk.isFin(payload);
        if (fin) {
            channels.remove(number);
        }
        return new FromAgent.Carried(number, sequence, fin, payload);
    }

    private boolean isUp() {
        return state == State.OPEN || state == State.LEAVING;
    }

    private void requireUp(FrameType type) throws ProtocolException {
        if (!isUp()) {
            throw order(type + " is not allowed");
        }
    }

    private void require(State needed) {
        if (state != needed) {
            throw new IllegalStateException("link is " + state + ", not " + needed);
        }
    }

    private ProtocolException order(String what) {
        return new ProtocolException(ErrorCode.BAD_ORDER, what + "; the link is " + state);
    }
}
