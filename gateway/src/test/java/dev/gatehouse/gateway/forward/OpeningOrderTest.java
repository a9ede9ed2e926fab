package dev.gatehouse.gateway.forward;

import static dev.gatehouse.gateway.forward.ForwarderBench.chunk;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.gateway.forward.ForwarderBench.Opening;
import dev.gatehouse.gateway.forward.ForwarderBench.TestLink;
import dev.gatehouse.protocol.message.StreamState;
import dev.gatehouse.protocol.wire.ProtocolException;
import dev.gatehouse.shared.bus.ChunkBatch;
import dev.gatehouse.shared.bus.ChunkBatch.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a worker hears of a stream that is opened more than once: openings in their order, and after the answer to one no chunk of those before it. */
class OpeningOrderTest {

    private static final UUID STREAM = new UUID(0, 1);
    private static final int OLDER = 100; // lengths of chunks, which tell whose they are
    private static final int NEWER = 101;

    private final ForwarderBench bench = new ForwarderBench("w-1");

    @Test
    void openingsAreAskedInTheOrderInWhichTheyCame() throws ProtocolException {
        // GIVEN more openings, over several links in turn, than are asked at once
        List<UUID> agents = new ArrayList<>();
        List<TestLink> links = List.of(bench.link(), bench.link(), bench.link());
        for (int i = 0; i < 3 * Openings.MAX_ASKED; i++) {
            TestLink link = links.get(i % links.size());
            link.open(new UUID(7, i), 1 + i / links.size());
            agents.add(link.streams.agentId);
        }
        // WHEN they are answered, whichever way round
        for (int answered = 0; answered < bench.openings.size(); answered++) {
            bench.answerOpening(bench.openings.get(answered ^ 1), 0, StreamState.OPEN_FOR_CHUNKS);
        }
        // THEN each was asked once, in the order in which it came
        assertThat(bench.openings)
                .extracting(asked -> asked.opening().agentId())
                .containsExactlyElementsOf(agents);
        assertThat(bench.openings).extracting(Opening::request).isSorted();
    }

    @Test
    void openingsThatWaitedForAWorkerAreAskedInTheirOrder() throws ProtocolException {
        bench.workers();
        List<TestLink> links = Stream.generate(bench::link).limit(20).toList();
        for (TestLink link : links) {
            link.open(STREAM, 1);
        }
        bench.workers("w-2");
        assertThat(bench.openings)
                .extracting(asked -> asked.opening().agentId())
                .containsExactlyElementsOf(
                        links.stream().map(link -> link.streams.agentId).toList());
    }

    @Test
    void anOlderOpeningThatIsAnsweredLateDoesNotTakeTheStreamBack() throws ProtocolException {
        // GIVEN a stream opened on one link and, before that is answered, on another
        TestLink older = bench.link();
        older.open(STREAM, 1);
        TestLink newer = bench.link();
        newer.open(STREAM, 1);
        // WHEN the newer one is answered first
        bench.answerOpening(bench.openings.get(1), 0, StreamState.OPEN_FOR_CHUNKS);
        newer.send(1, chunk(0, NEWER));
        bench.answerOpening(bench.openings.get(0), 0, StreamState.OPEN_FOR_CHUNKS);
        // THEN the older one is not told that it may send, and what it sends all the same goes nowhere
        assertThat(older.opened).isEmpty();
        older.send(1, chunk(0, OLDER));
        newer.send(1, chunk(1, NEWER));
        List.copyOf(bench.batches).forEach(batch -> bench.replyTo(batch, Reply.ACCEPTED));
        assertThat(lengths()).containsExactly(NEWER, NEWER);
    }

    @Test
    void anOlderOpeningThatFailedIsAskedAgainOnlyWhileItsChannelIsOpen() throws ProtocolException {
        TestLink older = bench.link();
        older.open(STREAM, 1);
        bench.failOpening();
        older.end();
        TestLink newer = bench.linkWith(STREAM, 1);
        bench.after(ofSeconds(1));
        assertThat(bench.openings)
                .extracting(asked -> asked.opening().agentId())
                .containsExactly(older.streams.agentId, newer.streams.agentId);
    }

    @Test
    void chunksOfTheOlderOpeningDoNotFollowTheAnswerOfTheNewer() throws ProtocolException {
        // GIVEN chunks that wait, as the worker has no room
        TestLink older = bench.linkWith(STREAM, 1);
        older.send(1, chunk(0, OLDER));
        bench.reply(1, Reply.BUSY);
        older.send(1, chunk(1, OLDER), chunk(2, OLDER));
        // WHEN the stream is opened elsewhere
        TestLink newer = bench.linkWith(STREAM, 1);
        newer.send(1, chunk(0, NEWER), chunk(1, NEWER));
        bench.batches.clear();
        // THEN the batch that the worker was asked for once comes again, and after it only what is newer
        bench.after(ofMillis(150));
        bench.reply(1, Reply.ACCEPTED);
        assertThat(bench.batches).extracting(ForwarderBench.Batch::number).isSorted();
        assertThat(lengths()).containsExactly(OLDER, NEWER, NEWER);
    }

    private List<Integer> lengths() {
        return bench.batches.stream()
                .flatMap(batch -> batch.batch().chunks().stream())
                .map(ChunkBatch.Item::payload)
                .map(payload -> payload.length() - chunk(0, 0).length())
                .toList();
    }
}
