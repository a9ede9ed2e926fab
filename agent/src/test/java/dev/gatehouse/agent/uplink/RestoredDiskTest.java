package dev.gatehouse.agent.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.agent.spool.ChunkDraft;
import dev.gatehouse.agent.spool.Spool;
import dev.gatehouse.agent.spool.SpoolLimits;
import dev.gatehouse.agent.spool.StreamInfo;
import dev.gatehouse.protocol.link.AgentEnd;
import dev.gatehouse.protocol.message.Control;
import dev.gatehouse.protocol.message.StreamKind;
import dev.gatehouse.protocol.message.StreamOpened;
import dev.gatehouse.protocol.message.StreamState;
import dev.gatehouse.protocol.message.Welcome;
import dev.gatehouse.protocol.stream.Chunk;
import dev.gatehouse.protocol.stream.Codec;
import dev.gatehouse.protocol.wire.Frame;
import dev.gatehouse.protocol.wire.FrameType;
import dev.gatehouse.protocol.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that was replaced by an older copy of itself uses numbers again: what then makes a stream another one than that which is stored. */
class RestoredDiskTest {

    private static final OptionalInt NOT_SAID = OptionalInt.empty();

    @TempDir
    private Path folder;

    private final AgentEnd end = new AgentEnd(false);
    private Spool spool;
    private Uplink uplink;

    @BeforeEach
    void open() throws IOException, ProtocolException {
        spool = Spool.open(folder, SpoolLimits.DEFAULT);
        end.helloSent();
        end.received(control(Control.newBuilder()
                .setWelcome(Welcome.newBuilder().setCaptureLimit(1 << 20))
                .build()));
        uplink = new Uplink(end, spool);
    }

    @AfterEach
    void close() {
        spool.close();
    }

    @Test
    void theSameLastChunkMeansTheSameStream() throws Exception {
        // GIVEN five chunks, of which a gateway has three
        UUID stream = stream(5, false);
        Action.OpenStream open = opened();
        // WHEN it says which the third is
        Action.Load compare = (Action.Load) only(answer(open, StreamState.OPEN_FOR_CHUNKS, 3, crc(stream, 2)));
        // THEN that one is read, holding nothing of the window, and nothing is done before
        assertThat(compare).isEqualTo(new Action.Load(open.channel(), stream, true, 2, 1, 0));
        assertThat(plan()).isEmpty();
        // AND as it is ours, three are durable and the fourth is next
        assertThat(uplink.loaded(compare, 2, spool.read(stream, 2))).isFalse();
        uplink.loadDone(compare);
        List<Action> then = plan();
        assertThat(then.getFirst()).isEqualTo(new Action.Acked(stream, 3));
        assertThat(((Action.Load) then.getLast()).from()).isEqualTo(3);
    }

    @Test
    void anotherLastChunkMeansAnotherStreamAndNothingIsForgotten() throws Exception {
        UUID stream = stream(5, false);
        Action.OpenStream open = opened();
        compare(open, stream, 3, StreamState.OPEN_FOR_CHUNKS, crc(stream, 2).getAsInt() + 1);
        assertThat(plan()).containsExactly(new Action.Fork(stream, stream));
        assertThat(plan()).isEmpty();
        assertThat(spool.stream(stream).orElseThrow().acked()).isZero();
    }

    @Test
    void whatIsAcknowledgedOrLostHereOrNotSaidIsNotCompared() throws Exception {
        UUID stream = stream(5, false);
        spool.acked(stream, 3);
        Action.OpenStream open = opened();
        assertThat(open.first()).isEqualTo(3);
        assertThat(answer(open, StreamState.OPEN_FOR_CHUNKS, 3, OptionalInt.of(1)))
                .isEmpty();
        UUID other = stream(2, false);
        Action.OpenStream second = (Action.OpenStream) plan().stream()
                .filter(Action.OpenStream.class::isInstance)
                .findFirst()
                .orElseThrow();
        assertThat(answer(second, StreamState.OPEN_FOR_CHUNKS, 2, NOT_SAID))
                .containsExactly(new Action.Acked(other, 2));
    }

    @Test
    void aChunkThatCannotBeReadBackProvesNothing() throws Exception {
        UUID stream = stream(5, false);
        Action.OpenStream open = opened();
        Action.Load compare = (Action.Load) only(answer(open, StreamState.OPEN_FOR_CHUNKS, 3, OptionalInt.of(1)));
        assertThat(uplink.loaded(compare, 2, Optional.empty())).isFalse();
        assertThat(plan()).contains(new Action.Acked(stream, 3));
    }

    @Test
    void afterAForkTheBytesOnTheWireAreComparedAndItMayForkAgain() throws Exception {
        // GIVEN a stream that has gone on under another name behind its second chunk
        UUID stream = stream(6, false);
        spool.acked(stream, 2);
        UUID second = UUID.randomUUID();
        spool.fork(stream, stream, second);
        // WHEN a gateway has two chunks under that name, the last of which is ours
        Action.OpenStream open = opened();
        assertThat(open.first()).isZero();
        compare(open, stream, 2, StreamState.OPEN_FOR_CHUNKS, crc(stream, 3).getAsInt());
        // THEN they are numbers 2 and 3 of the spool
        assertThat(plan()).contains(new Action.Acked(stream, 4));
        // WHEN the next link hears of a chunk that isn't
        uplink = new Uplink(end, spool);
        compare(opened(), stream, 3, StreamState.OPEN_FOR_CHUNKS, 1);
        // THEN it forks from that name
        assertThat(plan()).containsExactly(new Action.Fork(stream, second));
        UUID third = UUID.randomUUID();
        spool.fork(stream, second, third);
        spool.fork(stream, second, UUID.randomUUID()); // asked twice, by two links: done once
        uplink.forked(stream);
        Action.OpenStream again = opened();
        assertThat(again.stream().alias().id()).isEqualTo(third);
        assertThat(again.stream().alias().base()).isEqualTo(2);
    }

    @Test
    void aClosedStreamIsOursOnlyIfItEndsWithOurEnd() throws Exception {
        UUID stream = stream(4, true);
        Action.OpenStream open = opened();
        compare(open, stream, 4, StreamState.CLOSED, crc(stream, 3).getAsInt());
        assertThat(plan()).containsExactly(new Action.Acked(stream, 4));
        spool.acked(stream, 4);
        assertThat(spool.streams()).isEmpty();
        // another end of the same length
        UUID other = stream(4, true);
        compare(opened(), other, 4, StreamState.CLOSED, 1);
        assertThat(plan()).containsExactly(new Action.Fork(other, other));
    }

    @Test
    void aStreamThatIsClosedEarlierOrLaterThanHereIsAnother() throws Exception {
        for (long next : new long[] {3, 5}) {
            UUID stream = stream(4, true);
            assertThat(answer(opened(), StreamState.CLOSED, next, NOT_SAID))
                    .containsExactly(new Action.Fork(stream, stream));
        }
        UUID unfinished = stream(4, false);
        assertThat(answer(opened(), StreamState.CLOSED, 4, crc(unfinished, 3)))
                .containsExactly(new Action.Fork(unfinished, unfinished));
    }

    @Test
    void aRewindWhileComparingOpensItAgain() throws Exception {
        UUID stream = stream(5, false);
        Action.Load compare = (Action.Load) only(answer(opened(), StreamState.OPEN_FOR_CHUNKS, 3, crc(stream, 2)));
        end.received(control(Control.newBuilder()
                .setRewind(dev.gatehouse.protocol.message.Rewind.getDefaultInstance())
                .build()));
        uplink.rewound(0);
        assertThat(uplink.loaded(compare, 2, spool.read(stream, 2))).isFalse();
        assertThat(only(plan())).isInstanceOf(Action.OpenStream.class);
    }

    @Test
    void aForkThatTheLinkBeforeBeganEndsWhatWasOpenedUnderTheOldName() throws Exception {
        UUID stream = stream(5, false);
        spool.acked(stream, 1);
        Action.OpenStream open = opened();
        answer(open, StreamState.OPEN_FOR_CHUNKS, 1, NOT_SAID);
        Action.Load load = (Action.Load) only(plan());
        spool.fork(stream, stream, UUID.randomUUID());
        assertThat(uplink.loaded(load, 1, spool.read(stream, 1))).isFalse(); // it has another number by now
        uplink.loadDone(load);
        uplink.forked(stream);
        assertThat(opened().first()).isZero();
    }

    private void compare(Action.OpenStream open, UUID stream, long next, StreamState state, int crc)
            throws ProtocolException {
        Action.Load load = (Action.Load) only(answer(open, state, next, OptionalInt.of(crc)));
        assertThat(uplink.loaded(load, load.from(), spool.read(stream, load.from())))
                .isFalse();
        uplink.loadDone(load);
    }

    private OptionalInt crc(UUID stream, long sequence) {
        return OptionalInt.of(Chunk.crc(spool.read(stream, sequence).orElseThrow()));
    }

    private UUID stream(int chunks, boolean finished) throws InterruptedException {
        UUID id = UUID.randomUUID();
        spool.openStream(new StreamInfo(id, StreamKind.EVENTS, "", "text/plain", "x", 1));
        for (int i = 0; i < chunks; i++) {
            Optional<Buffer> hash = finished && i == chunks - 1 ? Optional.of(ChunkDraft.NO_HASH) : Optional.empty();
            spool.put(
                    id, new ChunkDraft(i, i, 1, Codec.NONE, 100, false, Buffer.buffer(new byte[100]), hash), List.of());
        }
        spool.sync();
        return id;
    }

    private List<Action> plan() {
        return uplink.plan(0, true, true);
    }

    private Action.OpenStream opened() {
        return (Action.OpenStream) only(plan());
    }

    private List<Action> answer(Action.OpenStream open, StreamState state, long next, OptionalInt crc)
            throws ProtocolException {
        StreamOpened.Builder opened = StreamOpened.newBuilder().setState(state).setNext(next);
        crc.ifPresent(opened::setLastCrc);
        end.received(Frame.of(FrameType.STREAM_OPENED, open.channel(), opened.build()));
        return uplink.answered(open.channel(), opened.build(), 0);
    }

    private static Frame control(Control control) {
        return Frame.of(FrameType.CONTROL, 0, control);
    }

    private static Action only(List<Action> actions) {
        assertThat(actions).hasSize(1);
        return actions.getFirst();
    }
}
