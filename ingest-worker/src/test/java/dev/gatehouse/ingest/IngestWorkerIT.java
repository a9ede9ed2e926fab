package dev.gatehouse.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.ingest.TestGateway.TestStream;
import dev.gatehouse.protocol.message.StreamKind;
import dev.gatehouse.protocol.message.StreamState;
import dev.gatehouse.shared.bus.ChunkBatch;
import dev.gatehouse.shared.bus.Progress;
import dev.gatehouse.shared.cluster.Role;
import dev.gatehouse.shared.segment.Block;
import dev.gatehouse.shared.segment.BlockRef;
import dev.gatehouse.shared.segment.BlockSource;
import dev.gatehouse.shared.testing.TestNode;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IngestWorkerIT {

    private static final TestNode test =
            TestNode.with(Role.INGEST_WORKER).service(new IngestService()).start();

    private final TestGateway gateway =
            new TestGateway(test.node().vertx(), test.node().id());
    private final TestStream file = TestStream.of(StreamKind.FILE);

    @AfterEach
    void leave() {
        gateway.close();
    }

    @AfterAll
    static void close() {
        test.close();
    }

    @Test
    void aChunkIsDurableOnceProgressSaysSo() {
        gateway.opens(file, 0, 0);
        Buffer payload = Chunks.content(0, 1000, 1);
        gateway.send(file, payload);
        gateway.awaitDurable(file, 1);
        assertThat(stored(file)).containsExactly(payload);
        assertThat(stream(file).getLong("bytes")).isEqualTo(payload.length());
        assertThat(stream(file).getLong("content_bytes")).isEqualTo(1000);
    }

    @Test
    void muchBecomesASegmentObjectAndIsReadBackTheSame() {
        gateway.opens(file, 0, 0);
        List<Buffer> payloads = new ArrayList<>();
        for (int batch = 0; batch < 5; batch++) {
            Buffer[] part = new Buffer[16];
            for (int i = 0; i < part.length; i++) {
                part[i] = Chunks.content(batch * 16L + i, 60_000, 2);
                payloads.add(part[i]);
            }
            gateway.send(file, part);
        }
        gateway.awaitDurable(file, 80);
        assertThat(stored(file)).isEqualTo(payloads);
        assertThat(query(
                                "select 1 from segment s join chunk c on c.segment_id = s.id where c.stream_id = $1 and s.object_key is not null",
                                Tuple.of(file.id()))
                        .size())
                .isPositive();
    }

    @Test
    void theEndClosesTheStreamForEver() {
        gateway.opens(file, 0, 0);
        gateway.send(file, Chunks.content(0, 10, 3), Chunks.last(1, "end"));
        gateway.awaitDurable(file, 2);
        assertThat(stream(file).getOffsetDateTime("closed_at")).isNotNull();
        assertThat(stream(file).getLong("fin_count")).isEqualTo(2);
        assertThat(stream(file).getBuffer("sha256").getByte(0)).isEqualTo((byte) 7);
        assertThat(gateway.open(file, 2).getState()).isEqualTo(StreamState.CLOSED);
    }

    @Test
    void aRepeatIsAnsweredAndStoredOnce() {
        gateway.opens(file, 0, 0);
        Buffer payload = Chunks.content(0, 10, 4);
        gateway.send(file, payload);
        gateway.awaitDurable(file, 1);
        gateway.send(file, payload, Chunks.content(1, 10, 4));
        gateway.awaitDurable(file, 2);
        assertThat(stored(file)).hasSize(2);
    }

    @Test
    void aRepeatWithOtherBytesForksTheStream() {
        gateway.opens(file, 0, 0);
        gateway.send(file, Chunks.content(0, 10, 5));
        gateway.awaitDurable(file, 1);
        gateway.send(file, Chunks.content(0, 10, 6));
        gateway.awaitFault(file, Progress.Fault.FORKED);
        assertThat(gateway.open(file, 0).getState()).isEqualTo(StreamState.FORKED);
        assertThat(stored(file)).containsExactly(Chunks.content(0, 10, 5));
    }

    @Test
    void aForkIsFoundAlsoWhenTheChunkIsLongForgotten() {
        gateway.opens(file, 0, 0);
        for (int i = 0; i < 40; i++) {
            gateway.send(file, Chunks.content(i, 10, 7));
            gateway.awaitDurable(file, i + 1);
        }
        gateway.send(file, Chunks.content(1, 10, 7));
        gateway.send(file, Chunks.content(40, 10, 7));
        gateway.awaitDurable(file, 41);
        gateway.send(file, Chunks.content(2, 10, 8));
        gateway.awaitFault(file, Progress.Fault.FORKED);
    }

    @Test
    void aMissingChunkStopsTheStreamUntilItIsOpenedAgain() {
        gateway.opens(file, 0, 0);
        gateway.send(file, Chunks.content(0, 10, 9), Chunks.content(2, 10, 9));
        gateway.awaitFault(file, Progress.Fault.GAP);
        gateway.opens(file, 0, 1);
        gateway.send(file, Chunks.content(1, 10, 9), Chunks.content(2, 10, 9));
        gateway.awaitDurable(file, 3);
    }

    @Test
    void whatTheAgentHasLostBecomesAVisibleGap() {
        gateway.opens(file, 0, 0);
        gateway.send(file, Chunks.content(0, 10, 10));
        gateway.awaitDurable(file, 1);
        gateway.opens(file, 5, 5);
        gateway.send(file, Chunks.content(5, 10, 10));
        gateway.awaitDurable(file, 6);
        Row gap = query("select first, next from gap where stream_id = $1", Tuple.of(file.id()))
                .getFirst();
        assertThat(gap.getLong(0)).isEqualTo(1);
        assertThat(gap.getLong(1)).isEqualTo(5);
    }

    @Test
    void aStreamThatBeginsLateBeginsWithAGap() {
        gateway.opens(file, 3, 3);
        gateway.send(file, Chunks.content(3, 10, 11));
        gateway.awaitDurable(file, 4);
        assertThat(query("select from gap where stream_id = $1 and first = 0 and next = 3", Tuple.of(file.id())))
                .hasSize(1);
    }

    @Test
    void aWrongCrcIsQuarantinedAndBlocksNothing() {
        gateway.opens(file, 0, 0);
        Buffer spoiled = Chunks.spoiled(Chunks.content(0, 10, 12));
        gateway.send(file, spoiled, Chunks.content(1, 10, 12));
        gateway.awaitDurable(file, 2);
        assertThat(stored(file)).containsExactly(spoiled, Chunks.content(1, 10, 12));
        assertThat(stream(file).getLong("quarantined")).isEqualTo(1);
        assertThat(query("select from chunk where stream_id = $1 and state = 1 and sequence = 0", Tuple.of(file.id())))
                .hasSize(1);
    }

    @Test
    void anotherAgentsStreamIsRefused() {
        gateway.opens(file, 0, 0);
        TestStream stolen = new TestStream(file.id(), UUID.randomUUID(), file.kind());
        assertThat(gateway.open(stolen, 0).getState()).isEqualTo(StreamState.REFUSED);
    }

    @Test
    void theSameNumberGetsTheSameAnswerAndAStrangeOneStartsAfresh() {
        gateway.opens(file, 0, 0);
        List<ChunkBatch.Item> items = List.of(new ChunkBatch.Item(file.id(), Chunks.content(0, 10, 13)));
        gateway.send(items);
        assertThat(gateway.offer(gateway.sender(), 1, items)).isEqualTo(ChunkBatch.Reply.ACCEPTED);
        assertThat(gateway.offer(gateway.sender(), 3, items)).isEqualTo(ChunkBatch.Reply.BUSY);
        assertThat(gateway.offer(gateway.sender(), 1000, items)).isEqualTo(ChunkBatch.Reply.MOVED);
        assertThat(gateway.offer(new ChunkBatch.Sender("unknown", 0, 1), 2, items))
                .isEqualTo(ChunkBatch.Reply.MOVED);
    }

    @Test
    void theNewestOpeningWins() {
        gateway.opens(file, 0, 0);
        gateway.send(file, Chunks.content(0, 10, 14));
        gateway.awaitDurable(file, 1);
        try (TestGateway newer =
                new TestGateway(test.node().vertx(), test.node().id())) {
            newer.opens(file, 1, 1);
            gateway.send(file, Chunks.content(1, 10, 15)); // from the link that was replaced: dropped
            newer.send(file, Chunks.content(1, 10, 14));
            newer.awaitDurable(file, 2);
        }
        assertThat(stored(file)).containsExactly(Chunks.content(0, 10, 14), Chunks.content(1, 10, 14));
    }

    @Test
    void anUnknownStreamIsToBeOpenedAgain() {
        gateway.send(file, Chunks.content(0, 10, 16));
        gateway.awaitFault(file, Progress.Fault.GAP);
    }

    private static List<Buffer> stored(TestStream stream) {
        List<BlockRef> refs = query(
                        "select sequence, segment_id, block_offset, block_length from chunk where stream_id = $1 order by sequence",
                        Tuple.of(stream.id()))
                .stream()
                .map(row ->
                        new BlockRef(stream.id(), row.getLong(0), row.getUUID(1), row.getInteger(2), row.getInteger(3)))
                .toList();
        return TestNode.get(new BlockSource(test.node().postgres(), test.node().store()).read(refs)).stream()
                .map(Block::payload)
                .map(payload -> payload.orElseThrow())
                .toList();
    }

    private static Row stream(TestStream stream) {
        return query("select * from stream where id = $1", Tuple.of(stream.id()))
                .getFirst();
    }

    private static List<Row> query(String sql, Tuple parameters) {
        return TestNode.get(test.node().postgres().preparedQuery(sql).execute(parameters)).stream()
                .toList();
    }
}
