package dev.gatehouse.protocol.link;

import dev.gatehouse.protocol.message.Control;
import dev.gatehouse.protocol.message.Control.BodyCase;
import dev.gatehouse.protocol.message.ErrorCode;
import dev.gatehouse.protocol.message.StreamOpened;
import dev.gatehouse.protocol.message.StreamState;
import dev.gatehouse.protocol.stream.Ack;
import dev.gatehouse.protocol.stream.SendWindow;
import dev.gatehouse.protocol.wire.Frame;
import dev.gatehouse.protocol.wire.ProtocolException;
import java.util.HashMap;
import java.util.Map;

/**
 * The agent's end of a link: says what each frame of the gateway means, keeps the window and hands out channel numbers.
 *
 * <p>Confined to the link's context.
 */
public final class AgentEnd {

    /** Where the link stands. */
    public enum State {
        /** A WebSocket link: HELLO must sign what the gateway sends first. */
        AWAIT_CHALLENGE,
        /** HELLO may be sent. */
        CONNECTED,
        HELLO_SENT,
        OPEN,
        /** The gateway has said GO_AWAY: open nothing new. */
        LEAVING,
        CLOSED
    }

    private enum Phase {
        ASKED,
        OPEN
    }

    private final Map<Integer, Phase> channels = new HashMap<>(4);
    private final SendWindow window = new SendWindow(0);
    private State state;
    private int highest;

    public AgentEnd(boolean webSocket) {
        state = webSocket ? State.AWAIT_CHALLENGE : State.CONNECTED;
    }

    public State state() {
        return state;
    }

    /** What CHUNKs may still be sent; 0 until WELCOME. */
    public SendWindow window() {
        return window;
    }

    /** HELLO is sent. */
    public void helloSent() {
        if (state != State.CONNECTED) {
            throw new IllegalStateException("link is " + state + ", not " + State.CONNECTED);
        }
        state = State.HELLO_SENT;
    }

    public void closed() {
        state = State.CLOSED;
        channels.clear();
    }

    /** The number for a STREAM_OPEN that is sent now: new, as every number is used once. */
    public int newChannel() {
        channels.put(++highest, Phase.ASKED);
        return highest;
    }

    /** Whether CHUNKs may be sent on the channel. */
    public boolean isOpen(int channel) {
        return channels.get(channel) == Phase.OPEN;
    }

    /** Everything of the channel's stream is acknowledged: no frame about it is expected any more, late ones are {@code Outdated}. */
    public void done(int channel) {
        channels.remove(channel);
    }

    /** What the gateway's frame means. After an exception the link is to be closed with its code. */
    public FromGateway received(Frame frame) throws ProtocolException {
        return switch (frame.type()) {
            case CONTROL -> said(frame);
            case STREAM_OPENED -> answered(frame);
            case ACK -> acked(frame);
            case OPEN, RESUME, DETACHED, CLOSE, DATA, WINDOW -> {
                requireUp(frame);
                yield new FromGateway.OfTunnel(frame);
            }
            default -> throw order(frame.type() + " is not for a gateway to send now");
        };
    }

    private FromGateway said(Frame frame) throws ProtocolException {
        Control control = ControlFrame.read(frame);
        BodyCase body = control.getBodyCase();
        boolean allowed = switch (body) {
            case ERROR, GO_AWAY -> true;
            case CHALLENGE -> state == State.AWAIT_CHALLENGE;
            case WELCOME -> state == State.HELLO_SENT;
            case POLICY, COMMAND, REWIND, RENEWED, REGISTERED, BODY_NOT_SET -> isUp();
            default -> false;
        };
        if (!allowed) {
            throw order(body + " is not allowed");
        }
        switch (body) {
            case CHALLENGE -> state = State.CONNECTED;
            case WELCOME -> {
                window.raise(control.getWelcome().getCaptureLimit());
                state = State.OPEN;
            }
            case REWIND -> channels.clear();
            case GO_AWAY -> state = isUp() ? State.LEAVING : state;
            case ERROR -> state = State.CLOSED;
            default -> {}
        }
        return new FromGateway.Said(control);
    }

    private FromGateway answered(Frame frame) throws ProtocolException {
        int channel = known(frame);
        StreamOpened opened = MessageLimits.parse("STREAM_OPENED", StreamOpened.parser(), frame.payload());
        if (opened.getNext() < 0) {
            throw new ProtocolException(
                    ErrorCode.BAD_MESSAGE,
                    "STREAM_OPENED.next " + Long.toUnsignedString(opened.getNext()) + "; up to 2^63-1 is allowed");
        }
        Phase phase = channels.get(channel);
        if (phase == null) {
            return new FromGateway.Outdated();
        }
        if (opened.getState() != StreamState.OPEN_FOR_CHUNKS) {
            channels.remove(channel);
        } else if (phase == Phase.ASKED) {
            channels.put(channel, Phase.OPEN);
        } else {
            throw order("STREAM_OPENED a second time on channel " + channel);
        }
        return new FromGateway.StreamAnswered(channel, opened);
    }

    private FromGateway acked(Frame frame) throws ProtocolException {
        Ack ack = Ack.decode(frame.payload());
        if (frame.channel() == 0) {
            requireUp(frame);
            window.raise(ack.limit());
            return new FromGateway.Raised();
        }
        int channel = known(frame);
        window.raise(ack.limit());
        return channels.get(channel) == Phase.OPEN ? new FromGateway.Acked(channel, ack) : new FromGateway.Outdated();
    }

    private int known(Frame frame) throws ProtocolException {
        requireUp(frame);
        if (frame.channel() <= 0 || frame.channel() > highest) {
            throw order(frame.type() + " on channel " + Integer.toUnsignedString(frame.channel())
                    + ", which was never opened");
        }
        return frame.channel();
    }

    private boolean isUp() {
        return state == State.OPEN || state == State.LEAVING;
    }

    private void requireUp(Frame frame) throws ProtocolException {
        if (!isUp()) {
            throw order(frame.type() + " is not allowed");
        }
    }

    private ProtocolException order(String what) {
        return new ProtocolException(ErrorCode.BAD_ORDER, what + "; the link is " + state);
    }
}
