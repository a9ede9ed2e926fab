package dev.gatehouse.protocol.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.gatehouse.protocol.link.FromAgent.Carried;
import dev.gatehouse.protocol.link.FromAgent.Dropped;
import dev.gatehouse.protocol.link.FromAgent.OpenStream;
import dev.gatehouse.protocol.link.FromAgent.Said;
import dev.gatehouse.protocol.message.Control;
import dev.gatehouse.protocol.message.ErrorCode;
import dev.gatehouse.protocol.message.GoAway;
import dev.gatehouse.protocol.message.Heartbeat;
import dev.gatehouse.protocol.message.LinkError;
import dev.gatehouse.protocol.message.Welcome;
import dev.gatehouse.protocol.stream.ReceiveWindow;
import dev.gatehouse.protocol.wire.Frame;
import dev.gatehouse.protocol.wire.FrameType;
import dev.gatehouse.protocol.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GatewayEndTest {

    private final GatewayEnd end = new GatewayEnd();

    private void open() throws ProtocolException {
        end.received(Samples.frame(Samples.hello().build()));
        end.welcomed(new ReceiveWindow(1_000_000));
    }

    private void openChannel(int channel) throws ProtocolException {
        end.received(Samples.open(channel));
        assertThat(end.answered(channel, true)).isTrue();
    }

    @Test
    void aLinkBeginsWithHelloAndWaitsForWelcome() throws ProtocolException {
        assertRefused(ErrorCode.BAD_ORDER, "HEARTBEAT is not allowed; the link is AWAIT_HELLO", heartbeat());
        assertThat(end.received(Samples.frame(Samples.hello().build()))).isInstanceOf(Said.class);
        assertThat(end.state()).isEqualTo(GatewayEnd.State.HELLO_RECEIVED);
        assertRefused(
                ErrorCode.BAD_ORDER,
                "HELLO is not allowed; the link is HELLO_RECEIVED",
                Samples.frame(Samples.hello().build()));
        assertRefused(ErrorCode.BAD_ORDER, "STREAM_OPEN is not allowed; the link is HELLO_RECEIVED", Samples.open(1));
        assertRefused(ErrorCode.BAD_ORDER, "CHUNK is not allowed; the link is HELLO_RECEIVED", Samples.chunk(1, 0));
        end.welcomed(new ReceiveWindow(0));
        assertThat(end.received(heartbeat())).isInstanceOf(Said.class);
        assertRefused(
                ErrorCode.BAD_ORDER,
                "HELLO is not allowed; the link is OPEN",
                Samples.frame(Samples.hello().build()));
    }

    @Test
    void aStreamIsOpenedAnsweredAndCarried() throws ProtocolException {
        open();
        assertThat(end.received(Samples.open(1)))
                .isInstanceOfSatisfying(
                        OpenStream.class, asked -> assertThat(asked.channel()).isEqualTo(1));
        assertRefused(
                ErrorCode.BAD_ORDER,
                "CHUNK on channel 1 before its STREAM_OPENED; the link is OPEN",
                Samples.chunk(1, 0));
        assertThat(end.answered(1, true)).isTrue();
        Frame chunk = Samples.chunk(1, 41);
        assertThat(end.received(chunk)).isEqualTo(new Carried(1, 41, false, chunk.payload()));
        assertThat(end.received(Samples.chunk(1, 42))).isInstanceOf(Carried.class);
        assertRefused(ErrorCode.BAD_ORDER, "CHUNK 44 on channel 1; 43 is next; the link is OPEN", Samples.chunk(1, 44));
        assertRefused(ErrorCode.BAD_ORDER, "CHUNK 42 on channel 1; 43 is next; the link is OPEN", Samples.chunk(1, 42));
    }

    @Test
    void aChannelNumberIsUsedOnce() throws ProtocolException {
        open();
        openChannel(5);
        assertRefused(
                ErrorCode.BAD_ORDER,
                "STREAM_OPEN on channel 5; 6 to 2147483647 are unused; the link is OPEN",
                Samples.open(5));
        assertRefused(
                ErrorCode.BAD_ORDER,
                "STREAM_OPEN on channel 4; 6 to 2147483647 are unused; the link is OPEN",
                Samples.open(4));
        assertRefused(
                ErrorCode.BAD_ORDER,
                "STREAM_OPEN on channel 0; 6 to 2147483647 are unused; the link is OPEN",
                Samples.open(0));
        assertRefused(
                ErrorCode.BAD_ORDER,
                "STREAM_OPEN on channel 4294967295; 6 to 2147483647 are unused; the link is OPEN",
                Samples.open(-1));
        assertRefused(
                ErrorCode.BAD_ORDER, "CHUNK on channel 6, which is not open; the link is OPEN", Samples.chunk(6, 0));
        openChannel(Integer.MAX_VALUE);
        assertRefused(
                ErrorCode.BAD_ORDER,
                "STREAM_OPEN on channel 7; 2147483648 to 2147483647 are unused; the link is OPEN",
                Samples.open(7));
    }

    @Test
    void afterFinTheChannelIsClosed() throws ProtocolException {
        open();
        openChannel(1);
        assertThat(end.received(Samples.fin(1, 0)))
                .isInstanceOfSatisfying(
                        Carried.class, carried -> assertThat(carried.fin()).isTrue());
        assertRefused(
                ErrorCode.BAD_ORDER, "CHUNK on channel 1, which is not open; the link is OPEN", Samples.chunk(1, 1));
    }

    @Test
    void afterRewindOldChannelsAreDroppedAndNewOnesTaken() throws ProtocolException {
        open();
        openChannel(1);
        end.received(Samples.open(2)); // not answered yet
        end.rewound();
        int length = Samples.chunk(1, 0).payload().length();
        assertThat(end.received(Samples.chunk(1, 0))).isEqualTo(new Dropped(length));
        assertThat(end.received(Samples.chunk(2, 0))).isEqualTo(new Dropped(length));
        assertThat(end.window().held()).as("dropped bytes still count").isEqualTo(2L * length);
        assertThat(end.answered(2, true)).as("answer of before the REWIND").isFalse();
        assertRefused(
                ErrorCode.BAD_ORDER,
                "STREAM_OPEN on channel 2; 3 to 2147483647 are unused; the link is OPEN",
                Samples.open(2));
        openChannel(3);
        assertThat(end.received(Samples.chunk(3, 0))).isInstanceOf(Carried.class);
    }

    @Test
    void aStreamThatTheGatewayEndsTakesNothingMore() throws ProtocolException {
        open();
        openChannel(1);
        end.ended(1);
        assertThat(end.received(Samples.chunk(1, 9))).isInstanceOf(Dropped.class);
        end.received(Samples.open(2));
        assertThat(end.answered(2, false)).isTrue();
        assertThat(end.received(Samples.chunk(2, 9))).isInstanceOf(Dropped.class);
        end.ended(77); // unknown: nothing happens
    }

    @Test
    void aChunkBeyondTheWindowIsRefused() throws ProtocolException {
        int length = Samples.chunk(1, 0).payload().length();
        end.received(Samples.frame(Samples.hello().build()));
        end.welcomed(new ReceiveWindow(2L * length));
        openChannel(1);
        end.received(Samples.chunk(1, 0));
        end.received(Samples.chunk(1, 1));
        assertRefused(
                ErrorCode.WINDOW_EXCEEDED,
                3 * length + " bytes of CHUNKs on this link; at most " + 2 * length + " are granted so far",
                Samples.chunk(1, 2));
    }

    @Test
    void aShortOrNegativeChunkIsRefused() throws ProtocolException {
        open();
        openChannel(1);
        assertRefused(
                ErrorCode.BAD_FRAME,
                "CHUNK of 47 bytes; at least 48 with a sequence up to 2^63-1 are needed",
                new Frame(FrameType.CHUNK, 1, Buffer.buffer(new byte[47])));
        assertRefused(
                ErrorCode.BAD_FRAME,
                "CHUNK of 48 bytes; at least 48 with a sequence up to 2^63-1 are needed",
                new Frame(FrameType.CHUNK, 1, Buffer.buffer(new byte[48]).setLong(8, -1)));
    }

    @Test
    void onlySoManyStreamsAreOpenAtOnce() throws ProtocolException {
        open();
        for (int channel = 1; channel <= GatewayEnd.MAX_STREAMS; channel++) {
            openChannel(channel);
        }
        assertRefused(
                ErrorCode.BAD_ORDER,
                "more than 1024 open streams are not allowed; the link is OPEN",
                Samples.open(2000));
        end.ended(1);
        openChannel(2000);
    }

    @ParameterizedTest
    @EnumSource(
            value = FrameType.class,
            names = {"CONTROL", "STREAM_OPEN", "CHUNK", "PING", "PONG"},
            mode = EnumSource.Mode.EXCLUDE)
    void whatAnAgentDoesNotSendIsRefused(FrameType type) throws ProtocolException {
        open();
        assertRefused(
                ErrorCode.BAD_ORDER,
                type + " is not for an agent to send now; the link is OPEN",
                new Frame(type, 1, Buffer.buffer()));
    }

    @Test
    void aGatewaysWordsFromAnAgentAreRefused() throws ProtocolException {
        open();
        Control welcome =
                Control.newBuilder().setWelcome(Welcome.getDefaultInstance()).build();
        assertRefused(ErrorCode.BAD_ORDER, "WELCOME is not allowed; the link is OPEN", Samples.frame(welcome));
    }

    @Test
    void controlOfANewerVersionIsLetThroughAndNothingIsNot() throws ProtocolException {
        open();
        Control newer = Control.newBuilder()
                .setUnknownFields(UnknownFieldSet.newBuilder()
                        .addField(
                                99,
                                UnknownFieldSet.Field.newBuilder()
                                        .addLengthDelimited(ByteString.copyFromUtf8("?"))
                                        .build())
                        .build())
                .build();
        assertThat(end.received(Samples.frame(newer)))
                .isInstanceOfSatisfying(
                        Said.class,
                        said -> assertThat(said.control().getBodyCase()).isEqualTo(Control.BodyCase.BODY_NOT_SET));
        assertRefused(
                ErrorCode.BAD_MESSAGE,
                "CONTROL without a body; exactly one is needed",
                new Frame(FrameType.CONTROL, 0, Buffer.buffer()));
        assertRefused(
                ErrorCode.BAD_FRAME,
                "CONTROL on channel 3; only channel 0 is allowed",
                new Frame(FrameType.CONTROL, 3, Buffer.buffer()));
    }

    @Test
    void leavingGoesOnUntilTheEnd() throws ProtocolException {
        open();
        openChannel(1);
        end.received(Samples.frame(
                Control.newBuilder().setGoAway(GoAway.getDefaultInstance()).build()));
        assertThat(end.state()).isEqualTo(GatewayEnd.State.LEAVING);
        assertThat(end.received(Samples.chunk(1, 0))).isInstanceOf(Carried.class);
        end.received(Samples.frame(
                Control.newBuilder().setError(LinkError.getDefaultInstance()).build()));
        assertThat(end.state()).isEqualTo(GatewayEnd.State.CLOSED);
        assertRefused(ErrorCode.BAD_ORDER, "CHUNK is not allowed; the link is CLOSED", Samples.chunk(1, 1));
    }

    private static Frame heartbeat() {
        return Samples.frame(Control.newBuilder()
                .setHeartbeat(Heartbeat.getDefaultInstance())
                .build());
    }

    private void assertRefused(ErrorCode code, String message, Frame frame) {
        ThrowingCallable receive = () -> end.received(frame);
        assertThatThrownBy(receive)
                .isInstanceOf(ProtocolException.class)
                .hasMessage(message)
                .extracting(e -> ((ProtocolException) e).code())
                .isEqualTo(code);
    }
}
