package dev.gatehouse.gateway.forward;

import static dev.gatehouse.gateway.forward.ForwarderBench.chunk;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.gateway.forward.ForwarderBench.Batch;
import dev.gatehouse.gateway.forward.ForwarderBench.TestLink;
import dev.gatehouse.protocol.message.ErrorCode;
import dev.gatehouse.protocol.message.StreamState;
import dev.gatehouse.protocol.wire.ProtocolException;
import dev.gatehouse.shared.bus.ChunkBatch.Reply;
import dev.gatehouse.shared.bus.Progress.Fault;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The rules of the forwarder, each with a short test on one fixture; over 300 lines for their number. */
class ForwarderTest {

    private static final UUID STREAM = new UUID(0, 1);

    private final ForwarderBench bench = new ForwarderBench("w-1");

    @Test
    void carriesChunksAndTellsWhatIsDurable() throws ProtocolException {
        // GIVEN an open stream
        TestLink link = bench.linkWith(STREAM, 1);
        // WHEN three chunks come in one turn
        link.send(1, chunk(0, 100), chunk(1, 100), chunk(2, 100));
        // THEN they go out as one numbered batch
        assertThat(bench.batches).hasSize(1);
        assertThat(bench.batches.getFirst().sequences()).containsExactly(0L, 1L, 2L);
        assertThat(bench.batches.getFirst().number()).isEqualTo(1);
        // AND one ACK says that all are durable
        bench.reply(1, Reply.ACCEPTED);
        bench.progress("w-1", STREAM, 3, Fault.NONE);
        assertThat(link.acks).hasSize(1);
        assertThat(link.acks.getFirst().channel()).isEqualTo(1);
        assertThat(link.acks.getFirst().ack().next()).isEqualTo(3);
    }

    @Test
    void anUnansweredBatchComesAgainAloneAndNothingOvertakesIt() throws ProtocolException {
        TestLink link = bench.linkWith(STREAM, 1);
        link.send(1, chunk(0, 100));
        link.send(1, chunk(1, 100));
        bench.batches.clear();
        // WHEN nothing is answered for two seconds, again and again
        bench.after(ofSeconds(2));
        link.send(1, chunk(2, 100));
        bench.after(ofSeconds(2));
        assertThat(bench.batches).extracting(Batch::number).containsExactly(1L, 1L);
        // THEN the answer sets the others going, in their order
        bench.batches.clear();
        bench.reply(1, Reply.ACCEPTED);
        assertThat(bench.batches).extracting(Batch::number).containsExactly(2L, 3L);
    }

    @Test
    void aBusyWorkerIsLeftAloneForAWhile() throws ProtocolException {
        TestLink link = bench.linkWith(STREAM, 1);
        link.send(1, chunk(0, 100));
        link.send(1, chunk(1, 100));
        bench.batches.clear();
        bench.reply(1, Reply.BUSY);
        bench.reply(2, Reply.BUSY);
        link.send(1, chunk(2, 100));
        assertThat(bench.batches).isEmpty();
        bench.after(ofMillis(150));
        assertThat(bench.batches).extracting(Batch::number).containsExactly(1L);
        bench.reply(1, Reply.ACCEPTED);
        assertThat(bench.batches).extracting(Batch::number).containsExactly(1L, 2L, 3L);
    }

    @Test
    void aWorkerThatStaysBusyIsAskedLessAndLess() throws ProtocolException {
        TestLink link = bench.linkWith(STREAM, 1);
        link.send(1, chunk(0, 100));
        for (int i = 0; i < 1_200; i++) { // a minute
            bench.reply(1, Reply.BUSY);
            bench.after(ofMillis(50));
        }
        assertThat(bench.batches).hasSizeBetween(40, 100);
    }

    @Test
    void whatIsInFlightIsBoundedByCredit() throws ProtocolException {
        for (int i = 0; i < 8; i++) {
            TestLink link = bench.linkWith(new UUID(1, i), 1);
            link.saturate(1);
        }
        bench.flush();
        assertThat(bench.batches.stream().mapToLong(Batch::bytes).sum())
                .isBetween(Lane.CREDIT / 4, Lane.CREDIT + 1024 * 1024);
        assertThat(bench.batches).allSatisfy(batch -> assertThat(batch.bytes()).isLessThanOrEqualTo(1024 * 1024));
    }

    @Test
    void aWorkerThatLeavesRewindsItsLinksAndTheNextGoesOn() throws ProtocolException {
        // GIVEN chunks on their way to a worker
        TestLink link = bench.linkWith(STREAM, 1);
        link.send(1, chunk(0, 100), chunk(1, 100));
        // WHEN it leaves
        bench.workers("w-2");
        // THEN the link is rewound, its window is given back, and late chunks on the old channel are dropped
        assertThat(link.rewinds).hasSize(1);
        long limit = link.lastLimit();
        link.send(1, chunk(2, 100));
        assertThat(link.lastLimit()).isGreaterThan(limit);
        // AND opened again on another channel it goes to the other worker
        bench.batches.clear();
        link.open(STREAM, 2);
        assertThat(bench.openings.getLast().worker()).isEqualTo("w-2");
        bench.answerOpening(1, StreamState.OPEN_FOR_CHUNKS);
        link.send(2, chunk(1, 100));
        assertThat(bench.batches.getFirst().worker()).isEqualTo("w-2");
        assertThat(bench.batches.getFirst().number()).isEqualTo(1);
    }

    @Test
    void withoutAWorkerOpeningsWait() throws ProtocolException {
        bench.workers();
        TestLink link = bench.link();
        link.open(STREAM, 1);
        assertThat(bench.openings).isEmpty();
        bench.workers("w-9");
        assertThat(bench.openings.getFirst().worker()).isEqualTo("w-9");
    }

    @Test
    void movedRewindsAndAnotherWorkerIsPreferredForAWhile() throws ProtocolException {
        bench.workers("w-1", "w-2");
        TestLink link = bench.linkWith(STREAM, 1);
        String first = bench.openings.getLast().worker();
        link.send(1, chunk(0, 100));
        bench.reply(1, Reply.MOVED);
        assertThat(link.rewinds).hasSize(1);
        link.open(STREAM, 2);
        assertThat(bench.openings.getLast().worker()).isNotEqualTo(first);
    }

    @Test
    void answersOfAnOldNumberingChangeNothing() throws ProtocolException {
        TestLink link = bench.linkWith(STREAM, 1);
        link.send(1, chunk(0, 100));
        Batch old = bench.batches.getLast();
        bench.reply(1, Reply.MOVED);
        link.open(STREAM, 2);
        bench.answerOpening(0, StreamState.OPEN_FOR_CHUNKS);
        link.send(2, chunk(0, 100));
        bench.replyTo(old, Reply.ACCEPTED);
        bench.after(ofSeconds(2));
        assertThat(bench.batches.getLast().number()).isEqualTo(1);
        assertThat(bench.batches).hasSize(3);
    }

    @Test
    void anUnansweredOpeningIsAskedAgain() throws ProtocolException {
        TestLink link = bench.link();
        link.open(STREAM, 1);
        bench.after(ofSeconds(10));
        bench.after(ofMillis(500));
        assertThat(bench.openings).hasSize(2);
        bench.failOpening();
        bench.after(ofMillis(500));
        assertThat(bench.openings).hasSize(3);
        bench.answerOpening(5, StreamState.OPEN_FOR_CHUNKS);
        assertThat(link.opened.getLast().answer().getNext()).isEqualTo(5);
    }

    @Test
    void aForkEndsTheChannelAGapRewindsTheLink() throws ProtocolException {
        TestLink link = bench.linkWith(STREAM, 1);
        link.open(new UUID(0, 2), 2);
        bench.answerOpening(0, StreamState.OPEN_FOR_CHUNKS);
        bench.progress("w-1", STREAM, 0, Fault.FORKED);
        assertThat(link.opened.getLast().channel()).isEqualTo(1);
        assertThat(link.opened.getLast().answer().getState()).isEqualTo(StreamState.FORKED);
        assertThat(link.rewinds).isEmpty();
        bench.batches.clear();
        link.send(1, chunk(0, 100)); // it was on its way
        assertThat(bench.batches).isEmpty();
        bench.progress("w-1", new UUID(0, 2), 0, Fault.GAP);
        assertThat(link.rewinds).hasSize(1);
    }

    @Test
    void theNewestOpeningHasTheStream() throws ProtocolException {
        TestLink older = bench.linkWith(STREAM, 1);
        older.send(1, chunk(0, 100));
        TestLink newer = bench.linkWith(STREAM, 1);
        bench.progress("w-1", STREAM, 1, Fault.NONE);
        assertThat(newer.acks).extracting(TestLink.Told::channel).containsExactly(1);
        assertThat(older.acks).allSatisfy(told -> assertThat(told.channel()).isZero());
    }

    @Test
    void acksAreRepeatedWhileSomethingIsOnItsWay() throws ProtocolException {
        TestLink link = bench.linkWith(STREAM, 1);
        link.send(1, chunk(0, 100));
        bench.reply(1, Reply.ACCEPTED);
        for (int i = 0; i < 60; i++) {
            bench.after(ofMillis(50));
        }
        assertThat(link.acks).hasSizeBetween(2, 4);
        bench.progress("w-1", STREAM, 1, Fault.NONE);
        link.acks.clear();
        bench.after(ofSeconds(2));
        assertThat(link.acks).isEmpty();
    }

    @Test
    void aWorkerThatBeganAnewUnderItsOldIdIsNotWaitedForForEver() throws ProtocolException {
        // GIVEN a chunk that the worker has accepted, and then forgotten
        TestLink link = bench.linkWith(STREAM, 1);
        link.send(1, chunk(0, 100));
        bench.reply(1, Reply.ACCEPTED);
        // WHEN it says for some time that it is not durable yet
        for (int i = 0; i < 30; i++) {
            bench.progress("w-1", STREAM, 0, Fault.NONE);
            bench.after(ofSeconds(1));
        }
        assertThat(link.rewinds).isEmpty();
        // THEN it is believed; once it is silent the link is rewound
        bench.after(ofSeconds(12));
        bench.after(ofSeconds(2));
        assertThat(link.rewinds).hasSize(1);
    }

    @Test
    void aChunkThatWasDurableBeforeItCameIsNotWaitedFor() throws ProtocolException {
        TestLink link = bench.linkWith(STREAM, 1);
        bench.progress("w-1", STREAM, 2, Fault.NONE); // by another way
        link.send(1, chunk(0, 100), chunk(1, 100));
        bench.reply(1, Reply.ACCEPTED);
        bench.progress("w-1", STREAM, 2, Fault.NONE);
        link.acks.clear();
        bench.after(ofSeconds(2));
        bench.after(ofSeconds(2));
        assertThat(link.acks).isEmpty();
    }

    @Test
    void aStreamWhoseLastChunkIsDurableIsForgotten() throws ProtocolException {
        TestLink link = bench.link();
        for (int i = 1; i <= 3 * LinkStreams.MAX_CHANNELS; i++) {
            UUID stream = new UUID(5, i);
            link.open(stream, i);
            bench.answerOpening(0, StreamState.OPEN_FOR_CHUNKS);
            link.send(i, ForwarderBench.last(0, 100));
            bench.replyTo(bench.batches.getLast(), Reply.ACCEPTED);
            bench.progress("w-1", stream, 1, Fault.NONE);
        }
        assertThat(link.streams.open()).isZero();
        assertThat(link.acks).hasSize(3 * LinkStreams.MAX_CHANNELS);
    }

    @Test
    void refusesMoreStreamsThanALinkMayHave() throws ProtocolException {
        TestLink link = bench.link();
        for (int i = 1; i <= LinkStreams.MAX_CHANNELS + 1; i++) {
            link.open(new UUID(5, i), i);
        }
        assertThat(link.opened).hasSize(1);
        assertThat(link.opened.getFirst().answer().getState()).isEqualTo(StreamState.REFUSED);
        assertThat(bench.openings).hasSize(Openings.MAX_ASKED);
    }

    @Test
    void whatIsOutOfOrderBreaksTheLink() throws ProtocolException {
        TestLink link = bench.link();
        assertThatThrownBy(() -> link.send(1, chunk(0, 10)))
                .isInstanceOfSatisfying(
                        ProtocolException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_ORDER))
                .hasMessage("CHUNK on channel 1 before its STREAM_OPENED");
        link.open(STREAM, 7);
        assertThatThrownBy(() -> link.send(7, chunk(0, 10))).hasMessageContaining("before its STREAM_OPENED");
        assertThatThrownBy(() -> link.open(STREAM, 7))
                .hasMessage("STREAM_OPEN on channel 7; 8 to 2147483647 are allowed");
        assertThatThrownBy(() -> link.open(STREAM, Integer.MIN_VALUE | 8)).hasMessageContaining("8 to 2147483647");
        assertThatThrownBy(() -> link.send(0, chunk(0, 10))).hasMessageContaining("CHUNK on channel 0");
        bench.answerOpening(0, StreamState.OPEN_FOR_CHUNKS);
        assertThatThrownBy(() -> link.send(7, chunk(-1, 10)))
                .hasMessage("CHUNK 18446744073709551615 on channel 7; 0 is next");
    }

    @Test
    void aLinkThatEndsGivesEverythingBack() throws ProtocolException {
        TestLink link = bench.linkWith(STREAM, 1);
        link.saturate(1);
        link.end();
        assertThat(bench.budget.used()).isZero();
        bench.progress("w-1", STREAM, 5, Fault.NONE);
        assertThat(link.acks).isEmpty();
        assertThat(bench.forwarder.lagNanos(bench.now())).isZero();
    }

    @Test
    void orderHoldsThroughLossesRepeatsAndRefusals() throws ProtocolException {
        for (int seed = 0; seed < 200; seed++) {
            List<Long> taken = new UnreliableWorker(seed).run(STREAM, 300);
            assertThat(taken).as("seed " + seed).hasSize(300).isSorted().doesNotHaveDuplicates();
        }
    }
}
