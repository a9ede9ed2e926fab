package dev.gatehouse.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.luben.zstd.Zstd;
import dev.gatehouse.ingest.TestGateway.TestStream;
import dev.gatehouse.protocol.message.Event;
import dev.gatehouse.protocol.message.StreamKind;
import dev.gatehouse.protocol.stream.Chunk;
import dev.gatehouse.protocol.stream.Codec;
import dev.gatehouse.shared.cluster.Role;
import dev.gatehouse.shared.testing.TestNode;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IndexerIT {

    private static final TestNode test = TestNode.with(Role.INGEST_WORKER)
            .set("capture.indexBatch", "100")
            .service(new IngestService())
            .start();

    /** A second one, so that every test has two that claim from the same tasks. */
    private static final TestNode second = TestNode.with(Role.INGEST_WORKER)
            .set("capture.indexBatch", "100")
            .service(new IngestService())
            .beside(test)
            .start();

    private final TestGateway gateway =
            new TestGateway(test.node().vertx(), test.node().id());
    private final TestStream stream = TestStream.of(StreamKind.EVENTS);
    private final long now = System.currentTimeMillis() * 1000;

    @AfterEach
    void leave() {
        gateway.close();
    }

    @AfterAll
    static void close() {
        second.close();
        test.close();
    }

    @Test
    void eachEventIsIndexedOnceWhateverWorkerTakesIt() {
        gateway.opens(stream, 0, 0);
        long sequence = 0;
        for (int batch = 0; batch < 40; batch++) {
            List<Buffer> chunks = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                chunks.add(Chunks.events(
                        sequence++,
                        IntStream.range(0, 10)
                                .mapToObj(n -> Chunks.event(now, "alice", "editor", "window"))
                                .toList()));
            }
            gateway.send(stream, chunks.toArray(Buffer[]::new));
        }
        awaitIndexed();
        Row counted = query("""
                        select count(*), count(distinct (sequence, index)), min("user"), min(application), min(agent_id::text)
                        from event where stream_id = $1""").getFirst();
        assertThat(counted.getLong(0)).isEqualTo(2000);
        assertThat(counted.getLong(1)).isEqualTo(2000);
        assertThat(counted.getString(2)).isEqualTo("alice");
        assertThat(counted.getString(3)).isEqualTo("editor");
        assertThat(counted.getString(4)).isEqualTo(stream.agentId().toString());
        assertThat(rollup()).isEqualTo(2000);
    }

    @Test
    void aSegmentLargerThanABatchIsIndexedInParts() {
        gateway.opens(stream, 0, 0);
        List<Buffer> chunks =
                IntStream.range(0, 50).mapToObj(sequence -> large(sequence)).toList();
        gateway.send(stream, chunks.subList(0, 25).toArray(Buffer[]::new));
        gateway.send(stream, chunks.subList(25, 50).toArray(Buffer[]::new));
        gateway.awaitDurable(stream, 50);
        awaitIndexed();
        assertThat(count("event")).isEqualTo(50 * 30);
        assertThat(rollup()).isEqualTo(50 * 30);
    }

    @Test
    void whatCannotBeDecodedIsMarkedAndBlocksNothing() {
        gateway.opens(stream, 0, 0);
        Buffer bomb = Buffer.buffer(Zstd.compress(new byte[50_000_000]));
        gateway.send(
                stream,
                Chunks.events(0, List.of(Chunks.event(now, "", "a", "k"))),
                garbage(1, Codec.NONE, 12, Buffer.buffer("not protobuf")),
                garbage(2, Codec.ZSTD, 1000, Buffer.buffer("not zstd")),
                garbage(3, Codec.ZSTD, Chunk.MAX_PLAIN, bomb),
                Chunks.spoiled(Chunks.events(4, List.of(Chunks.event(now, "", "a", "k")))),
                Chunks.events(5, List.of(Chunks.event(now, "", "a", "k"))));
        gateway.awaitDurable(stream, 6);
        awaitIndexed();
        assertThat(query("select sequence from event where stream_id = $1 order by sequence"))
                .extracting(row -> row.getLong(0))
                .containsExactly(0L, 5L);
        assertThat(query("select state from chunk where stream_id = $1 order by sequence"))
                .extracting(row -> row.getInteger(0))
                .containsExactly(0, 2, 2, 2, 1, 0);
        Row row = query("select damaged, quarantined from stream where id = $1").getFirst();
        assertThat(row.getLong(0)).isEqualTo(3);
        assertThat(row.getLong(1)).isEqualTo(1);
    }

    @Test
    void anAgentsWrongClockNeitherLosesNorStopsAnything() {
        gateway.opens(stream, 0, 0);
        gateway.send(
                stream,
                Chunks.events(
                        0,
                        List.of(
                                Chunks.event(now - TimeUnit.DAYS.toMicros(1), "", "a", "k"),
                                Chunks.event(now + TimeUnit.DAYS.toMicros(1), "", "a", "k"),
                                Chunks.event(now - TimeUnit.DAYS.toMicros(400), "", "a", "k"),
                                Chunks.event(Long.MAX_VALUE, "", "a", "k"),
                                Chunks.event(Long.MIN_VALUE, "", "a", "k"))));
        gateway.awaitDurable(stream, 1);
        awaitIndexed();
        assertThat(count("event")).isEqualTo(5);
        assertThat(
                        query(
                                "select from event where stream_id = $1 and time between now() - interval '1 minute' and now()"))
                .as("without a usable time: when it was indexed")
                .hasSize(2);
    }

    @Test
    void textThatRowsCannotTakeIsCutAndCleaned() {
        gateway.opens(stream, 0, 0);
        Event event = Chunks.event(now, "", "app\0lication", "k").toBuilder()
                .setText("x".repeat(70_000))
                .setTitle("\uD83D\uDE00".repeat(600))
                .putAttributes("nul", "a\0b")
                .setDurationMicros(Long.MAX_VALUE)
                .build();
        byte[] plain = Chunks.plain(List.of(event));
        gateway.send(stream, Chunks.events(0, List.of(event)));
        gateway.awaitDurable(stream, 1);
        awaitIndexed();
        assertThat(plain.length).isGreaterThan(70_000);
        Row row = query("select text, title, application, \"user\", attributes->>'nul' from event where stream_id = $1")
                .getFirst();
        assertThat(row.getString(0)).hasSize(64 * 1024).endsWith("…");
        assertThat(row.getString(1)).endsWith("\uD83D\uDE00…");
        assertThat(row.getString(2)).isEqualTo("app\uFFFDlication");
        assertThat(row.getString(3)).isEqualTo("alice");
        assertThat(row.getString(4)).isEqualTo("a\uFFFDb");
    }

    private Buffer large(int sequence) {
        List<Event> events = IntStream.range(0, 30)
                .mapToObj(i -> Chunks.event(now, "bob", "shell", "log"))
                .toList();
        byte[] plain = Chunks.plain(events);
        return Chunks.of(sequence, events.size(), Codec.NONE, plain.length, 0, Optional.empty(), Buffer.buffer(plain));
    }

    private static Buffer garbage(long sequence, Codec codec, int plainLength, Buffer bytes) {
        return Chunks.of(sequence, 1, codec, plainLength, 0, Optional.empty(), bytes);
    }

    private void awaitIndexed() {
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> TestNode.get(test.node()
                                        .postgres()
                                        .query("select count(*) from index_task")
                                        .execute())
                                .iterator()
                                .next()
                                .getLong(0)
                        == 0);
    }

    private long count(String table) {
        return query("select count(*) from " + table + " where stream_id = $1")
                .getFirst()
                .getLong(0);
    }

    private long rollup() {
        return TestNode.get(test.node()
                        .postgres()
                        .preparedQuery("select sum(events)::int8 from rollup where agent_id = $1")
                        .execute(Tuple.of(stream.agentId())))
                .iterator()
                .next()
                .getLong(0);
    }

    private List<Row> query(String sql) {
        return TestNode.get(test.node().postgres().preparedQuery(sql).execute(Tuple.of(stream.id()))).stream()
                .toList();
    }
}
