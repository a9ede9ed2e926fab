package dev.gatehouse.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.ingest.TestGateway.TestStream;
import dev.gatehouse.protocol.message.StreamKind;
import dev.gatehouse.protocol.message.StreamOpened;
import dev.gatehouse.protocol.message.StreamState;
import dev.gatehouse.protocol.stream.Codec;
import dev.gatehouse.shared.bus.ChunkBatch;
import dev.gatehouse.shared.bus.Progress;
import dev.gatehouse.shared.cluster.Role;
import dev.gatehouse.shared.testing.TestNode;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** PostgreSQL refuses what is in one stream's chunk: that stream is stopped and told so, everybody else goes on. */
class RefusedDataIT {

    private static final int STREAMS = 9;
    private static final long UNWANTED_FROM = 1_000_000;
    private static final TestNode test = TestNode.start(Role.INGEST_WORKER);

    private final Vertx vertx = test.node().vertx();
    private final Pool postgres = test.node().postgres();

    @BeforeAll
    static void refuse() {
        TestNode.get(test.node()
                .postgres()
                .query("alter table chunk add constraint unwanted check (content_offset < " + UNWANTED_FROM + ")")
                .execute());
    }

    @AfterAll
    static void close() {
        test.close();
    }

    /** Small chunks are committed inline, large ones as segments. */
    @ParameterizedTest
    @ValueSource(ints = {100, 40_000})
    void onlyTheStreamWithTheRefusedChunkStops(int length) {
        List<TestStream> streams = new ArrayList<>();
        for (int i = 0; i < STREAMS; i++) {
            streams.add(new TestStream(UUID.randomUUID(), UUID.randomUUID(), StreamKind.FILE));
        }
        TestStream bad = streams.get(STREAMS / 2);
        try (TestWorker worker = new TestWorker(vertx, postgres, test.node().store());
                TestGateway gateway = new TestGateway(vertx, worker.id())) {
            streams.forEach(stream -> gateway.opens(stream, 0, 0));
            List<ChunkBatch.Item> first = new ArrayList<>();
            List<ChunkBatch.Item> second = new ArrayList<>();
            for (TestStream stream : streams) {
                first.add(new ChunkBatch.Item(stream.id(), Chunks.content(0, length, 1)));
                second.add(new ChunkBatch.Item(
                        stream.id(), stream.equals(bad) ? refused(1) : Chunks.content(1, length, 1)));
                second.add(new ChunkBatch.Item(stream.id(), Chunks.content(2, length, 1)));
            }
            gateway.send(first);
            streams.forEach(stream -> gateway.awaitDurable(stream, 1));
            // WHEN one chunk among those of nine streams is refused
            gateway.send(second);
            // THEN the others' are durable, its stream has stopped before it
            gateway.awaitFault(bad, Progress.Fault.GAP);
            streams.stream().filter(stream -> !stream.equals(bad)).forEach(stream -> gateway.awaitDurable(stream, 3));
            assertThat(gateway.durable(bad)).isEqualTo(1);
            // AND its next opening says why
            StreamOpened opened = gateway.open(bad, 0);
            assertThat(opened.getState()).isEqualTo(StreamState.REFUSED);
            assertThat(opened.getDetail()).contains("unwanted");
            // AND nothing is held or hangs
            await().atMost(Duration.ofSeconds(30)).until(() -> worker.load().held() == 0);
            streams.stream().filter(stream -> !stream.equals(bad)).forEach(stream -> {
                gateway.send(stream, Chunks.content(3, length, 1));
                gateway.awaitDurable(stream, 4);
            });
            assertThat(worker.refusedStreams()).isEqualTo(1);
        }
    }

    private static Buffer refused(long sequence) {
        Buffer bytes = Buffer.buffer("refused");
        return Chunks.of(sequence, 0, Codec.NONE, bytes.length(), UNWANTED_FROM, Optional.empty(), bytes);
    }
}
