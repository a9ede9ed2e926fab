package dev.gatehouse.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.ingest.TestGateway.TestStream;
import dev.gatehouse.protocol.message.StreamKind;
import dev.gatehouse.protocol.message.StreamOpened;
import dev.gatehouse.protocol.stream.Chunk;
import dev.gatehouse.shared.cluster.Role;
import dev.gatehouse.shared.testing.TestNode;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** An opening is told the CRC of the last durable chunk, by the worker that stored it and by one that has to read its row: an agent restored from an older copy sees by it that the stream is another one. */
class LastCrcIT {

    private static final TestNode test = TestNode.start(Role.INGEST_WORKER);

    private final Vertx vertx = test.node().vertx();
    private final Pool postgres = test.node().postgres();
    private final TestStream stream = TestStream.of(StreamKind.FILE);

    @AfterAll
    static void close() {
        test.close();
    }

    @Test
    void tellsTheLastChunksCrcAndNothingWhereThereIsNone() {
        Buffer whole = Chunks.content(1, 10, 1);
        Buffer spoiled = Chunks.spoiled(Chunks.content(2, 10, 1));
        try (TestWorker worker = worker();
                TestGateway gateway = new TestGateway(vertx, worker.id())) {
            assertThat(gateway.open(stream, 0).hasLastCrc())
                    .as("an empty stream")
                    .isFalse();
            // GIVEN inline chunks
            gateway.send(stream, Chunks.content(0, 10, 1), whole);
            gateway.awaitDurable(stream, 2);
            assertCrc(gateway, 2, whole);
            // WHEN the next one's CRC is wrong THEN there is none to compare with
            gateway.send(stream, spoiled);
            gateway.awaitDurable(stream, 3);
            assertNone(gateway, 0, 3);
            // AND a gap has none either
            Buffer large = Chunks.content(9, 60_000, 1);
            gateway.send(stream, Chunks.content(3, 10, 1));
            gateway.awaitDurable(stream, 4);
            assertNone(gateway, 8, 8);
            // WHEN a segment follows
            gateway.send(stream, Chunks.content(8, 60_000, 1), large);
            gateway.awaitDurable(stream, 10);
            assertCrc(gateway, 10, large);
        }
    }

    private void assertCrc(TestGateway gateway, long next, Buffer last) {
        assertAnswer(gateway.open(stream, 0), next, last);
        try (TestWorker other = worker();
                TestGateway there = new TestGateway(vertx, other.id())) {
            assertAnswer(there.open(stream, 0), next, last);
        }
    }

    private static void assertAnswer(StreamOpened opened, long next, Buffer last) {
        assertThat(opened.getNext()).isEqualTo(next);
        assertThat(opened.hasLastCrc()).isTrue();
        assertThat(opened.getLastCrc()).isEqualTo(Chunk.crc(last));
    }

    private void assertNone(TestGateway gateway, long first, long next) {
        StreamOpened here = gateway.open(stream, first);
        assertThat(here.getNext()).isEqualTo(next);
        assertThat(here.hasLastCrc()).isFalse();
        try (TestWorker other = worker();
                TestGateway there = new TestGateway(vertx, other.id())) {
            assertThat(there.open(stream, 0).hasLastCrc()).isFalse();
        }
    }

    private TestWorker worker() {
        return new TestWorker(vertx, postgres, test.node().store());
    }
}
