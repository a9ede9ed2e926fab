package dev.gatehouse.agent.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.agent.spool.Checkpoint;
import dev.gatehouse.agent.spool.ChunkDraft;
import dev.gatehouse.agent.spool.Spool;
import dev.gatehouse.agent.spool.SpoolLimits;
import dev.gatehouse.agent.spool.StreamInfo;
import dev.gatehouse.protocol.link.AgentEnd;
import dev.gatehouse.protocol.link.FromGateway;
import dev.gatehouse.protocol.message.Control;
import dev.gatehouse.protocol.message.StreamKind;
import dev.gatehouse.protocol.message.StreamOpened;
import dev.gatehouse.protocol.message.StreamState;
import dev.gatehouse.protocol.message.Welcome;
import dev.gatehouse.protocol.stream.Ack;
import dev.gatehouse.protocol.stream.Codec;
import dev.gatehouse.protocol.wire.Frame;
import dev.gatehouse.protocol.wire.FrameType;
import dev.gatehouse.protocol.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UplinkTest {

    private static final int CHUNK = 1000;
    private static final long PAYLOAD = 1048;

    @TempDir
    private Path folder;

    private Spool spool;
    private AgentEnd end;
    private Uplink uplink;
    private long now = Long.MAX_VALUE - Duration.ofSeconds(20).toNanos();

    @BeforeEach
    void open() throws IOException, ProtocolException {
        spool = Spool.open(folder, SpoolLimits.DEFAULT);
        link(1 << 20);
    }

    @AfterEach
    void close() {
        spool.close();
    }

    @Test
    void opensFirstAndSendsFromWhatTheGatewaySays() throws Exception {
        UUID stream = stream(StreamKind.EVENTS, 5);
        Action.OpenStream open = (Action.OpenStream) only(plan());
        assertThat(open.first()).isZero();
        assertThat(plan()).isEmpty(); // until it is answered
        assertThat(answer(open.channel(), StreamState.OPEN_FOR_CHUNKS, 2)).containsExactly(new Action.Acked(stream, 2));
        spool.acked(stream, 2);
        Action.Load load = (Action.Load) only(plan());
        assertThat(load).isEqualTo(new Action.Load(open.channel(), stream, true, 2, 3, 3 * PAYLOAD));
        assertThat(plan()).isEmpty();
        for (long i = 2; i < 5; i++) {
            assertThat(uplink.loaded(load, i, spool.read(stream, i))).isTrue();
        }
        uplink.loadDone(load);
        assertThat(uplink.acked(open.channel(), new Ack(4, 0))).containsExactly(new Action.Acked(stream, 4));
        assertThat(uplink.isSettled()).isFalse();
        spool.acked(stream, 5);
        assertThat(uplink.isSettled()).isTrue();
    }

    @Test
    void neverBeyondTheWindow() throws Exception {
        link(2 * PAYLOAD + 10);
        UUID stream = stream(StreamKind.EVENTS, 5);
        int channel = openAll();
        Action.Load load = (Action.Load) only(plan());
        assertThat(load.count()).isEqualTo(2);
        send(load, stream);
        assertThat(plan()).isEmpty();
        end.received(new Frame(FrameType.ACK, 0, new Ack(0, 3 * PAYLOAD).encode()));
        assertThat(((Action.Load) only(plan())).from()).isEqualTo(2);
        assertThat(channel).isPositive();
    }

    @Test
    void eventsGoBeforeFilesAndFilesTakeTurns() throws Exception {
        UUID first = stream(StreamKind.FILE, 1000);
        UUID second = stream(StreamKind.FILE, 1000);
        UUID events = stream(StreamKind.EVENTS, 3);
        openAll();
        List<Action> actions = plan();
        assertThat(actions)
                .extracting(action -> ((Action.Load) action).stream())
                .startsWith(events);
        assertThat(actions.subList(1, 5))
                .extracting(action -> ((Action.Load) action).stream())
                .isSubsetOf(first, second)
                .doesNotContainSequence(first, first)
                .doesNotContainSequence(second, second);
        assertThat(uplink.plan(now, false, false)).isEmpty();
    }

    @Test
    void afterARewindStreamsAreOpenedAgainAndLateLoadsAreDropped() throws Exception {
        UUID stream = stream(StreamKind.EVENTS, 5);
        int channel = openAll();
        Action.Load load = (Action.Load) only(plan());
        end.received(control(Control.newBuilder()
                .setRewind(dev.gatehouse.protocol.message.Rewind.getDefaultInstance())
                .build()));
        uplink.rewound(now);
        assertThat(uplink.loaded(load, 0, spool.read(stream, 0))).isFalse();
        uplink.loadDone(load);
        Action.OpenStream again = (Action.OpenStream) only(plan());
        assertThat(again.channel()).isGreaterThan(channel);
        answer(again.channel(), StreamState.OPEN_FOR_CHUNKS, 3);
        spool.acked(stream, 3);
        assertThat(((Action.Load) only(plan())).from()).isEqualTo(3);
        // a second one soon after makes it slower
        end.received(control(Control.newBuilder()
                .setRewind(dev.gatehouse.protocol.message.Rewind.getDefaultInstance())
                .build()));
        uplink.rewound(now);
        assertThat(plan()).isEmpty();
        now += Duration.ofSeconds(1).toNanos();
        assertThat(plan()).hasSize(1);
    }

    @Test
    void anUnansweredOpeningIsRepeatedOnAnotherChannel() throws Exception {
        stream(StreamKind.EVENTS, 1);
        Action.OpenStream first = (Action.OpenStream) only(plan());
        now += Uplink.OPENING.toNanos();
        Action.OpenStream second = (Action.OpenStream) only(plan());
        assertThat(second.channel()).isGreaterThan(first.channel());
        assertThat(uplink.answered(first.channel(), StreamOpened.getDefaultInstance(), now))
                .isEmpty();
    }

    @Test
    void aLostChunkIsPassedOnAnotherChannelOnceAllBeforeItIsAcknowledged() throws Exception {
        UUID stream = stream(StreamKind.EVENTS, 5);
        int channel = openAll();
        Action.Load load = (Action.Load) only(plan());
        assertThat(uplink.loaded(load, 0, spool.read(stream, 0))).isTrue();
        assertThat(uplink.loaded(load, 1, Optional.empty())).isFalse();
        assertThat(uplink.loaded(load, 2, spool.read(stream, 2))).isFalse();
        uplink.loadDone(load);
        // the spool knows that number 1 is gone: as if it had found a flipped bit
        spool.acked(stream, 1);
        spool.acked(stream, 2);
        Action.OpenStream again = (Action.OpenStream) only(plan());
        assertThat(again.first()).isEqualTo(2);
        assertThat(again.channel()).isNotEqualTo(channel);
    }

    @Test
    void moreAtTheGatewayThanHereMeansAnotherStream() throws Exception {
        UUID stream = stream(StreamKind.EVENTS, 2);
        Action.OpenStream open = (Action.OpenStream) only(plan());
        assertThat(answer(open.channel(), StreamState.OPEN_FOR_CHUNKS, 7))
                .containsExactly(new Action.Fork(stream, stream));
        assertThat(plan()).isEmpty();
        UUID other = UUID.randomUUID();
        spool.fork(stream, stream, other);
        uplink.forked(stream);
        Action.OpenStream again = (Action.OpenStream) only(plan());
        assertThat(again.stream().alias().id()).isEqualTo(other);
        assertThat(again.first()).isZero();
    }

    @Test
    void aRefusedStreamIsAskedAgainLater() throws Exception {
        UUID stream = stream(StreamKind.EVENTS, 2);
        Action.OpenStream open = (Action.OpenStream) only(plan());
        assertThat(answer(open.channel(), StreamState.REFUSED, 0)).containsExactly(new Action.Refused(stream, ""));
        assertThat(plan()).isEmpty();
        now += Uplink.REFUSED.toNanos();
        assertThat(plan()).hasSize(1);
    }

    @Test
    void aFinishedStreamThatIsClosedThereIsDone() throws Exception {
        UUID stream = stream(StreamKind.FILE, 2);
        spool.put(stream, draft(true), List.of());
        spool.sync();
        Action.OpenStream open = (Action.OpenStream) only(plan());
        assertThat(answer(open.channel(), StreamState.CLOSED, 3)).containsExactly(new Action.Acked(stream, 3));
        assertThat(plan()).isEmpty(); // also while the ledger is being written
        spool.acked(stream, 3);
        assertThat(spool.streams()).isEmpty();
    }

    @Test
    void manyFilesAreOpenedAFewAtATime() throws Exception {
        for (int i = 0; i < Uplink.MAX_OPEN + 10; i++) {
            stream(StreamKind.FILE, 1);
        }
        assertThat(plan()).hasSize(Uplink.MAX_OPEN);
        assertThat(plan()).isEmpty();
    }

    private void link(long window) throws ProtocolException {
        end = new AgentEnd(false);
        end.helloSent();
        end.received(control(Control.newBuilder()
                .setWelcome(Welcome.newBuilder().setCaptureLimit(window))
                .build()));
        uplink = new Uplink(end, spool);
    }

    private static Frame control(Control control) {
        return Frame.of(FrameType.CONTROL, 0, control);
    }

    private UUID stream(StreamKind kind, int chunks) throws InterruptedException {
        UUID id = UUID.randomUUID();
        spool.openStream(new StreamInfo(id, kind, "", "text/plain", "x", 1));
        for (int i = 0; i < chunks; i++) {
            spool.put(id, draft(false), List.<Checkpoint>of());
        }
        spool.sync();
        return id;
    }

    private static ChunkDraft draft(boolean last) {
        return new ChunkDraft(
                1,
                1,
                1,
                Codec.NONE,
                CHUNK,
                false,
                Buffer.buffer(new byte[CHUNK]),
                last ? Optional.of(Buffer.buffer(new byte[32])) : Optional.empty());
    }

    private List<Action> plan() {
        return uplink.plan(now, true, true);
    }

    private int openAll() throws ProtocolException {
        int channel = 0;
        for (Action action : plan()) {
            channel = ((Action.OpenStream) action).channel();
            answer(channel, StreamState.OPEN_FOR_CHUNKS, 0);
        }
        return channel;
    }

    private List<Action> answer(int channel, StreamState state, long next) throws ProtocolException {
        StreamOpened opened =
                StreamOpened.newBuilder().setState(state).setNext(next).build();
        FromGateway meaning = end.received(Frame.of(FrameType.STREAM_OPENED, channel, opened));
        assertThat(meaning).isInstanceOf(FromGateway.StreamAnswered.class);
        return uplink.answered(channel, opened, now);
    }

    private void send(Action.Load load, UUID stream) {
        for (long i = load.from(); i < load.from() + load.count(); i++) {
            assertThat(uplink.loaded(load, i, spool.read(stream, i))).isTrue();
        }
        uplink.loadDone(load);
    }

    private static Action only(List<Action> actions) {
        assertThat(actions).hasSize(1);
        return actions.getFirst();
    }
}
