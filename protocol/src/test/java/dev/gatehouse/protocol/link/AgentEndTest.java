package dev.gatehouse.protocol.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.protocol.link.FromGateway.Acked;
import dev.gatehouse.protocol.link.FromGateway.Outdated;
import dev.gatehouse.protocol.link.FromGateway.Raised;
import dev.gatehouse.protocol.link.FromGateway.Said;
import dev.gatehouse.protocol.link.FromGateway.StreamAnswered;
import dev.gatehouse.protocol.message.Challenge;
import dev.gatehouse.protocol.message.Control;
import dev.gatehouse.protocol.message.ErrorCode;
import dev.gatehouse.protocol.message.GoAway;
import dev.gatehouse.protocol.message.LinkError;
import dev.gatehouse.protocol.message.Rewind;
import dev.gatehouse.protocol.message.StreamOpened;
import dev.gatehouse.protocol.message.StreamState;
import dev.gatehouse.protocol.message.Welcome;
import dev.gatehouse.protocol.stream.Ack;
import dev.gatehouse.protocol.wire.Frame;
import dev.gatehouse.protocol.wire.FrameType;
import dev.gatehouse.protocol.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;

class AgentEndTest {

    private final AgentEnd end = new AgentEnd(false);

    private void open() throws ProtocolException {
        end.helloSent();
        end.received(welcome(100));
    }

    @Test
    void aTlsLinkSaysHelloAtOnce() throws ProtocolException {
        assertThat(end.window().left()).isZero();
        assertRefused("WELCOME is not allowed; the link is CONNECTED", welcome(1));
        end.helloSent();
        assertThat(end.received(welcome(100))).isInstanceOf(Said.class);
        assertThat(end.state()).isEqualTo(AgentEnd.State.OPEN);
        assertThat(end.window().left()).isEqualTo(100);
        assertRefused("WELCOME is not allowed; the link is OPEN", welcome(1));
    }

    @Test
    void aWebSocketLinkWaitsForItsChallenge() throws ProtocolException {
        AgentEnd webSocket = new AgentEnd(true);
        assertThatThrownBy(webSocket::helloSent).hasMessage("link is AWAIT_CHALLENGE, not CONNECTED");
        webSocket.received(challenge());
        webSocket.helloSent();
        assertThat(webSocket.state()).isEqualTo(AgentEnd.State.HELLO_SENT);
        assertRefused("CHALLENGE is not allowed; the link is CONNECTED", challenge());
    }

    @Test
    void aStreamIsAnsweredAndAcknowledged() throws ProtocolException {
        open();
        int channel = end.newChannel();
        assertThat(channel).isEqualTo(1);
        assertThat(end.isOpen(1)).isFalse();
        StreamOpened opened = StreamOpened.newBuilder().setNext(7).build();
        assertThat(end.received(Frame.of(FrameType.STREAM_OPENED, 1, opened))).isEqualTo(new StreamAnswered(1, opened));
        assertThat(end.isOpen(1)).isTrue();
        assertThat(end.received(ack(1, 8, 200))).isEqualTo(new Acked(1, new Ack(8, 200)));
        assertThat(end.window().left()).isEqualTo(200);
        assertThat(end.received(ack(0, 0, 300))).isEqualTo(new Raised());
        assertThat(end.window().left()).isEqualTo(300);
        end.done(1);
        assertThat(end.received(ack(1, 9, 300))).isEqualTo(new Outdated());
    }

    @Test
    void rewindClosesAllStreamsAndLateFramesAreOutdated() throws ProtocolException {
        open();
        end.newChannel();
        end.received(opened(1, StreamState.OPEN_FOR_CHUNKS));
        end.newChannel();
        end.received(Samples.frame(
                Control.newBuilder().setRewind(Rewind.getDefaultInstance()).build()));
        assertThat(end.isOpen(1)).isFalse();
        assertThat(end.received(ack(1, 5, 400))).isEqualTo(new Outdated());
        assertThat(end.window().left()).as("its limit counts").isEqualTo(400);
        assertThat(end.received(opened(2, StreamState.OPEN_FOR_CHUNKS))).isEqualTo(new Outdated());
        assertThat(end.newChannel()).as("never used again").isEqualTo(3);
    }

    @Test
    void aStreamMayEndEarly() throws ProtocolException {
        open();
        end.newChannel();
        end.received(opened(1, StreamState.OPEN_FOR_CHUNKS));
        assertThat(end.received(opened(1, StreamState.FORKED))).isInstanceOf(StreamAnswered.class);
        assertThat(end.isOpen(1)).isFalse();
    }

    @Test
    void whatMakesNoSenseIsRefused() throws ProtocolException {
        assertRefused("ACK is not allowed; the link is CONNECTED", ack(0, 0, 1));
        assertRefused(
                "OPEN is not allowed; the link is CONNECTED", new Frame(FrameType.OPEN, 1 << 31, Buffer.buffer()));
        open();
        assertRefused("ACK on channel 1, which was never opened; the link is OPEN", ack(1, 1, 1));
        assertRefused(
                "STREAM_OPENED on channel 0, which was never opened; the link is OPEN",
                opened(0, StreamState.OPEN_FOR_CHUNKS));
        end.newChannel();
        end.received(opened(1, StreamState.OPEN_FOR_CHUNKS));
        assertRefused(
                "STREAM_OPENED a second time on channel 1; the link is OPEN", opened(1, StreamState.OPEN_FOR_CHUNKS));
        assertRefused(
                "HELLO is not allowed; the link is OPEN",
                Samples.frame(Samples.hello().build()));
        assertRefused("CHUNK is not for a gateway to send now; the link is OPEN", Samples.chunk(1, 0));
        assertThatThrownBy(() -> end.received(Frame.of(
                        FrameType.STREAM_OPENED,
                        1,
                        StreamOpened.newBuilder().setNext(-1).build())))
                .hasMessage("STREAM_OPENED.next 18446744073709551615; up to 2^63-1 is allowed");
    }

    @Test
    void tunnelsAreSomebodyElses() throws ProtocolException {
        open();
        Frame frame = new Frame(FrameType.DATA, 1 << 31, Buffer.buffer());
        assertThat(end.received(frame)).isEqualTo(new FromGateway.OfTunnel(frame));
    }

    @Test
    void goAwayLeavesAndAnErrorEnds() throws ProtocolException {
        open();
        end.received(Samples.frame(
                Control.newBuilder().setGoAway(GoAway.getDefaultInstance()).build()));
        assertThat(end.state()).isEqualTo(AgentEnd.State.LEAVING);
        end.received(Samples.frame(
                Control.newBuilder().setError(LinkError.getDefaultInstance()).build()));
        assertThat(end.state()).isEqualTo(AgentEnd.State.CLOSED);
    }

    private static Frame welcome(long limit) {
        return Samples.frame(Control.newBuilder()
                .setWelcome(Welcome.newBuilder().setCaptureLimit(limit))
                .build());
    }

    private static Frame challenge() {
        return Samples.frame(Control.newBuilder()
                .setChallenge(Challenge.getDefaultInstance())
                .build());
    }

    private static Frame opened(int channel, StreamState state) {
        return Frame.of(
                FrameType.STREAM_OPENED,
                channel,
                StreamOpened.newBuilder().setState(state).build());
    }

    private static Frame ack(int channel, long next, long limit) {
        return new Frame(FrameType.ACK, channel, new Ack(next, limit).encode());
    }

    private void assertRefused(String message, Frame frame) {
        assertThatThrownBy(() -> end.received(frame))
                .isInstanceOf(ProtocolException.class)
                .hasMessage(message)
                .extracting(e -> ((ProtocolException) e).code())
                .isEqualTo(ErrorCode.BAD_ORDER);
    }
}
