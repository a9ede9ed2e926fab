package dev.gatehouse.ingest.intake;

import static dev.gatehouse.shared.bus.ChunkBatch.Reply.ACCEPTED;
import static dev.gatehouse.shared.bus.ChunkBatch.Reply.BUSY;
import static dev.gatehouse.shared.bus.ChunkBatch.Reply.MOVED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.ingest.Chunks;
import dev.gatehouse.ingest.commit.Cuts;
import dev.gatehouse.ingest.commit.StreamNext;
import dev.gatehouse.ingest.commit.StreamRows;
import dev.gatehouse.ingest.commit.TakenChunk;
import dev.gatehouse.protocol.message.StreamOpen;
import dev.gatehouse.protocol.message.StreamOpened;
import dev.gatehouse.protocol.message.StreamState;
import dev.gatehouse.protocol.stream.Chunk;
import dev.gatehouse.shared.bus.ChunkBatch;
import dev.gatehouse.shared.bus.Progress;
import dev.gatehouse.shared.bus.StreamOpening;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rules of the intake, each with a test of a few lines on one fixture; over 300 lines for their number. */
class IntakeTest {

    private static final UUID STREAM = new UUID(1, 1);
    private static final UUID AGENT = new UUID(2, 2);
    private static final ChunkBatch.Sender ONE = new ChunkBatch.Sender("gateway-1", 0, 1);
    private static final ChunkBatch.Sender TWO = new ChunkBatch.Sender("gateway-2", 0, 1);

    private final List<Long> taken = new ArrayList<>();
    private final List<Long> compared = new ArrayList<>();
    private final Intake intake = new Intake(new Intake.Limits(10_000, 2), new Output());
    private final long now = Long.MAX_VALUE - 1;
    private long number;

    @Test
    void takesChunksInOrderOnce() {
        registered(ONE, 0);
        assertThat(send(0, 1)).isEqualTo(ACCEPTED);
        assertThat(send(1, 2)).isEqualTo(ACCEPTED);
        assertThat(taken).containsExactly(0L, 1L, 2L);
        assertThat(progress()).isEqualTo(new Progress.Item(STREAM, 0, Progress.Fault.NONE));
    }

    @Test
    void progressSaysWhatIsDurable() {
        registered(ONE, 0);
        send(0, 1);
        committed(1, 1);
        assertThat(progress()).isEqualTo(new Progress.Item(STREAM, 1, Progress.Fault.NONE));
        assertThat(intake.progress()).as("told once").isEmpty();
        intake.tick(now);
        assertThat(progress().next()).as("and again each second").isEqualTo(1);
    }

    @Test
    void aGapStopsTheStreamUntilItIsOpenedAgain() {
        registered(ONE, 0);
        send(0, 2, 1);
        assertThat(taken).containsExactly(0L);
        assertThat(progress().fault()).isEqualTo(Progress.Fault.GAP);
        // WHEN it is opened again while the first chunk is on its way
        StreamOpened opened = ((Opening.Answer) open(ONE, 0)).opened();
        // THEN it goes on behind what is durable, and what is sent again is known
        assertThat(opened.getNext()).isZero();
        send(0, 1);
        assertThat(taken).containsExactly(0L, 1L);
    }

    @Test
    void aRepeatWithOtherBytesForks() {
        registered(ONE, 0);
        send(0);
        assertThat(offer(ONE, ++number, Chunks.content(0, 10, 99))).isEqualTo(ACCEPTED);
        assertThat(progress().fault()).isEqualTo(Progress.Fault.FORKED);
        assertThat(((Opening.Answer) open(ONE, 0)).opened().getState()).isEqualTo(StreamState.FORKED);
        send(1);
        assertThat(taken).containsExactly(0L);
    }

    @Test
    void aRepeatThatWasSpoiledOnItsWayForksNothing() {
        registered(ONE, 0);
        send(0);
        Buffer spoiledCrc = Chunks.content(0, 10, 1).copy().setInt(0, 12345);
        offer(ONE, ++number, spoiledCrc);
        assertThat(progress().fault()).isEqualTo(Progress.Fault.NONE);
    }

    @Test
    void aChunkWithAWrongCrcIsTakenAndItsRightOneLaterForksNothing() {
        registered(ONE, 0);
        offer(ONE, ++number, Chunks.spoiled(Chunks.content(0, 10, 1)));
        send(0, 1);
        assertThat(taken).containsExactly(0L, 1L);
        assertThat(progress().fault()).isEqualTo(Progress.Fault.NONE);
    }

    @Test
    void anOldRepeatIsComparedWithWhatIsStored() {
        registered(ONE, 5);
        send(3);
        assertThat(compared).containsExactly(3L);
        intake.stored(STREAM, 1, 1);
        assertThat(progress().fault()).isEqualTo(Progress.Fault.NONE);
        intake.stored(STREAM, 1, 2);
        assertThat(progress().fault()).isEqualTo(Progress.Fault.FORKED);
    }

    @Test
    void anOpeningIsToldTheCrcOfTheLastDurableChunk() {
        // GIVEN a stream whose row knows the CRC of chunk 4
        StreamOpened fromRow = intake.registered(opening(ONE), registeredRow(STREAM, 5, OptionalInt.of(-7)), now);
        assertThat(fromRow.hasLastCrc()).isTrue();
        assertThat(fromRow.getLastCrc()).isEqualTo(-7);
        // WHEN two more are taken, of which one is durable
        send(5, 6);
        committed(6, 6);
        // THEN its CRC follows what is durable, not what is taken
        assertThat(opened(ONE).getNext()).isEqualTo(6);
        assertThat(opened(ONE).getLastCrc()).isEqualTo(crcBefore(6));
        // AND a commit that tells of none (a chunk with a wrong CRC) leaves none
        intake.committed(new StreamNext(STREAM, 7, 7, OptionalInt.empty(), false));
        assertThat(opened(ONE).hasLastCrc()).isFalse();
    }

    @Test
    void aRowThatIsBehindGivesItsOwnCrc() {
        registered(ONE, 5);
        send(5);
        intake.committed(new StreamNext(STREAM, 3, 6, OptionalInt.of(33), false));
        StreamOpened opened = intake.registered(opening(ONE), registeredRow(STREAM, 3, OptionalInt.of(44)), now);
        assertThat(opened.getLastCrc()).isEqualTo(44);
    }

    @Test
    void aStreamThatWasOvertakenByOtherChunksIsForkedAndAcknowledgesNothingMore() {
        registered(ONE, 5);
        send(5, 6, 7);
        // WHEN another worker is found to have stored other chunks, up to 7, and then a later commit finds a hole
        intake.committed(new StreamNext(STREAM, 7, 7, OptionalInt.of(1), true));
        intake.committed(new StreamNext(STREAM, 7, 8, OptionalInt.of(1), false));
        // THEN 5 and 6 are not told to be durable, as these ones aren't
        assertThat(progress()).isEqualTo(new Progress.Item(STREAM, 5, Progress.Fault.FORKED));
        assertThat(opened(ONE).getState()).isEqualTo(StreamState.FORKED);
    }

    @Test
    void theNewestOpeningWins() {
        registered(ONE, 0);
        send(0);
        open(TWO, 0);
        send(1);
        assertThat(taken).containsExactly(0L);
        offer(TWO, 1, Chunks.content(1, 10, 1));
        assertThat(taken).containsExactly(0L, 1L);
        committed(2, 2);
        assertThat(intake.progress()).containsOnlyKeys("gateway-2");
    }

    @Test
    void batchesAreNumbered() {
        registered(ONE, 0);
        assertThat(offer(ONE, 2)).as("first is not 1").isEqualTo(MOVED);
        assertThat(offer(ONE, 1, Chunks.content(0, 10, 1))).isEqualTo(ACCEPTED);
        assertThat(offer(ONE, 1, Chunks.content(0, 10, 1))).as("again").isEqualTo(ACCEPTED);
        assertThat(offer(ONE, 3)).as("one before it will come again").isEqualTo(BUSY);
        assertThat(offer(ONE, 2)).isEqualTo(ACCEPTED);
        assertThat(offer(ONE, 3)).isEqualTo(ACCEPTED);
        assertThat(offer(ONE, 3 + Numbering.AHEAD + 1)).as("from nowhere").isEqualTo(MOVED);
        assertThat(taken).containsExactly(0L);
    }

    @Test
    void aNewEpochStartsAfreshAndTheOldOneIsOver() {
        assertThat(offer(ONE, 1)).isEqualTo(ACCEPTED);
        assertThat(offer(new ChunkBatch.Sender("gateway-1", 0, 2), 1)).isEqualTo(ACCEPTED);
        assertThat(offer(ONE, 2)).isEqualTo(MOVED);
    }

    @Test
    void beyondTheBudgetIsBusyAndNothingOfItIsTaken() {
        registered(ONE, 0);
        ChunkBatch batch = batch(ONE, 1, Chunks.content(0, 1000, 1));
        assertThat(intake.batch(batch, 9_500, false, now)).isEqualTo(BUSY);
        assertThat(intake.batch(batch, 0, true, now)).as("stalled").isEqualTo(BUSY);
        assertThat(taken).isEmpty();
        assertThat(intake.batch(batch, 5_000, false, now)).isEqualTo(ACCEPTED);
    }

    @Test
    void whoLeavesSaysMoved() {
        intake.leave();
        assertThat(offer(ONE, 1)).isEqualTo(MOVED);
    }

    @Test
    void aStrangeStreamAndAChunkWithoutAHeaderAreToBeSentAgain() {
        offer(ONE, 1, Buffer.buffer("short"));
        assertThat(intake.progress().get("gateway-1"))
                .containsExactly(new Progress.Item(STREAM, 0, Progress.Fault.GAP));
    }

    @Test
    void theEndClosesTheStream() {
        registered(ONE, 0);
        offer(ONE, ++number, Chunks.content(0, 10, 1), Chunks.last(1, "x"));
        committed(2, 2);
        assertThat(((Opening.Answer) open(ONE, 0)).opened().getState()).isEqualTo(StreamState.CLOSED);
        intake.tick(now + Intake.CLOSED_IDLE_NANOS + 1);
        assertThat(intake.streams()).isZero();
    }

    @Test
    void nothingComesAfterTheEnd() {
        registered(ONE, 0);
        offer(ONE, ++number, Chunks.last(0, "x"), Chunks.content(1, 10, 1));
        assertThat(taken).containsExactly(0L);
        assertThat(progress().fault()).isEqualTo(Progress.Fault.GAP);
    }

    @Test
    void whatTheAgentHasLostIsAskedOfTheDatabaseOnceNothingIsOnItsWay() {
        registered(ONE, 0);
        send(0);
        assertThat(open(ONE, 5)).isInstanceOf(Opening.Later.class);
        committed(1, 1);
        assertThat(open(ONE, 5)).isInstanceOf(Opening.Ask.class);
        registered(ONE, 5);
        send(5);
        assertThat(taken).containsExactly(0L, 5L);
    }

    @Test
    void aRowThatIsBehindWhatWasBelievedIsReadAgain() {
        registered(ONE, 5);
        send(5);
        // WHEN the row says 3, as after a restore
        committed(3, 6);
        // THEN the stream stops, and goes on from what is there
        assertThat(progress()).isEqualTo(new Progress.Item(STREAM, 3, Progress.Fault.GAP));
        assertThat(open(ONE, 3)).isInstanceOf(Opening.Ask.class);
        assertThat(registered(ONE, 3).getNext()).isEqualTo(3);
        send(3, 4);
        assertThat(taken).containsExactly(5L, 3L, 4L);
    }

    @Test
    void whatAnotherWorkerHasStoredMeanwhileIsNotTakenAgain() {
        registered(ONE, 0);
        send(0);
        committed(7, 1);
        send(7);
        assertThat(taken).containsExactly(0L, 7L);
    }

    @Test
    void aStreamThatTheDatabaseRefusesIsStoppedAndTriedAnewLater() {
        registered(ONE, 0);
        send(0, 1);
        committed(1, 1);
        refused(1);
        // THEN its link is rewound, and its opening says why
        assertThat(progress()).isEqualTo(new Progress.Item(STREAM, 1, Progress.Fault.GAP));
        StreamOpened opened = opened(ONE);
        assertThat(opened.getState()).isEqualTo(StreamState.REFUSED);
        assertThat(opened.getDetail()).contains("too ugly");
        send(1);
        assertThat(taken).containsExactly(0L, 1L);
        // AND after a while it is read again and goes on
        long later = now + Intake.STOPPED_NANOS + 1;
        assertThat(openOf(STREAM, later)).isInstanceOf(Opening.Ask.class);
        assertThat(registered(ONE, 1).getState()).isEqualTo(StreamState.OPEN_FOR_CHUNKS);
        send(1);
        assertThat(taken).containsExactly(0L, 1L, 1L);
    }

    @Test
    void aStoppedStreamWaitsForItsChunksThatAreStillOnTheirWay() {
        registered(ONE, 0);
        send(0, 1, 2);
        refused(0);
        long later = now + Intake.STOPPED_NANOS + 1;
        assertThat(openOf(STREAM, later)).isInstanceOf(Opening.Later.class);
        committed(0, 3); // left alone by the statement
        assertThat(openOf(STREAM, later)).isInstanceOf(Opening.Ask.class);
    }

    @Test
    void theNumberOfStreamsIsBounded() {
        registered(ONE, 0);
        register(new UUID(1, 2));
        assertThat(openOf(new UUID(1, 3), now)).isInstanceOf(Opening.Full.class);
        assertThat(openOf(new UUID(1, 3), now + Intake.CLOSED_IDLE_NANOS + 1)).isInstanceOf(Opening.Ask.class);
    }

    @Test
    void anotherAgentsStreamIsRefused() {
        registered(ONE, 0);
        StreamOpening thief = new StreamOpening(ONE, new UUID(9, 9), Buffer.buffer());
        Opening opening = intake.open(thief, StreamOpen.getDefaultInstance(), STREAM, now);
        assertThat(((Opening.Answer) opening).opened().getState()).isEqualTo(StreamState.REFUSED);
    }

    private StreamOpened registered(ChunkBatch.Sender sender, long next) {
        return intake.registered(opening(sender), registeredRow(STREAM, next, OptionalInt.empty()), now);
    }

    private void register(UUID id) {
        intake.registered(opening(ONE), registeredRow(id, 0, OptionalInt.empty()), now);
    }

    private static StreamRows.Registered registeredRow(UUID id, long next, OptionalInt lastCrc) {
        return new StreamRows.Registered(id, AGENT, false, next, lastCrc, false);
    }

    private Opening open(ChunkBatch.Sender sender, long first) {
        return intake.open(
                opening(sender), StreamOpen.newBuilder().setFirst(first).build(), STREAM, now);
    }

    private StreamOpened opened(ChunkBatch.Sender sender) {
        return ((Opening.Answer) open(sender, 0)).opened();
    }

    private Opening openOf(UUID id, long at) {
        return intake.open(opening(ONE), StreamOpen.getDefaultInstance(), id, at);
    }

    private static StreamOpening opening(ChunkBatch.Sender sender) {
        return new StreamOpening(sender, AGENT, Buffer.buffer());
    }

    private ChunkBatch.Reply send(long... sequences) {
        Buffer[] payloads = new Buffer[sequences.length];
        for (int i = 0; i < payloads.length; i++) {
            payloads[i] = Chunks.content(sequences[i], 10, 1);
        }
        return offer(ONE, ++number, payloads);
    }

    private ChunkBatch.Reply offer(ChunkBatch.Sender sender, long itsNumber, Buffer... payloads) {
        return intake.batch(batch(sender, itsNumber, payloads), 0, false, now);
    }

    private static ChunkBatch batch(ChunkBatch.Sender sender, long itsNumber, Buffer... payloads) {
        return new ChunkBatch(
                sender,
                itsNumber,
                Stream.of(payloads)
                        .map(payload -> new ChunkBatch.Item(STREAM, payload))
                        .toList());
    }

    private void refused(long sequence) {
        intake.refused(Cuts.of(STREAM, sequence), "too ugly", now);
    }

    private void committed(long next, long upto) {
        intake.committed(new StreamNext(STREAM, next, upto, OptionalInt.of(crcBefore(next)), false));
    }

    private static int crcBefore(long next) {
        return Chunk.crc(Chunks.content(next - 1, 10, 1));
    }

    private Progress.Item progress() {
        return intake.progress().values().iterator().next().getLast();
    }

    private final class Output implements IntakeOutput {

        @Override
        public void taken(TakenChunk chunk) {
            taken.add(chunk.sequence());
        }

        @Override
        public void compare(UUID streamId, long sequence, int crc) {
            compared.add(sequence);
        }
    }
}
