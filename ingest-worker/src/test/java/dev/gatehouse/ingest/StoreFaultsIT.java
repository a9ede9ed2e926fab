package dev.gatehouse.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.ingest.TestGateway.TestStream;
import dev.gatehouse.ingest.commit.KillPoint;
import dev.gatehouse.protocol.message.StreamKind;
import dev.gatehouse.shared.bus.ChunkBatch;
import dev.gatehouse.shared.cluster.Role;
import dev.gatehouse.shared.testing.TestNode;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StoreFaultsIT {

    private static final TestNode test = TestNode.start(Role.INGEST_WORKER);

    private final Vertx vertx = test.node().vertx();
    private final Pool postgres = test.node().postgres();
    private final FaultyStore store = new FaultyStore(vertx, test.node().store());

    @AfterAll
    static void close() {
        test.close();
    }

    @ParameterizedTest
    @EnumSource
    void whateverTheStoreDoesNothingIsLostOrDoubled(FaultyStore.Mode mode) {
        TestSpool spool = new TestSpool(80, mode.name().hashCode());
        store.mode(mode);
        try (TestGateway gateway = new TestGateway(vertx, "");
                TestWorker worker = new TestWorker(vertx, postgres, store)) {
            vertx.setTimer(1500, well -> store.mode(FaultyStore.Mode.WELL));
            spool.send(gateway, worker);
        }
        spool.verify(postgres, store);
    }

    @Test
    void whileTheStoreIsAwayNothingIsAcknowledgedAndTheBudgetHolds() {
        TestStream stream = TestStream.of(StreamKind.FILE);
        List<Buffer> chunks = LongStream.range(0, 40)
                .mapToObj(sequence -> Chunks.content(sequence, 60_000, 1))
                .toList();
        store.mode(FaultyStore.Mode.FAILING);
        try (TestWorker worker = new TestWorker(vertx, postgres, store, 1_500_000, KillPoint.BEFORE_PUT, 0);
                TestGateway gateway = new TestGateway(vertx, worker.id())) {
            gateway.opens(stream, 0, 0);
            // GIVEN a worker filled to its budget
            int taken = 0;
            while (gateway.offer(items(stream, chunks.subList(taken, taken + 10))) == ChunkBatch.Reply.ACCEPTED) {
                taken += 10;
            }
            assertThat(taken).isEqualTo(20);
            await().atMost(Duration.ofSeconds(30)).until(() -> store.puts() > 3);
            assertThat(gateway.durable(stream)).isZero();
            // WHEN the store is back
            store.mode(FaultyStore.Mode.WELL);
            // THEN what was taken becomes durable and there is room again
            gateway.awaitDurable(stream, 20);
            gateway.send(items(stream, chunks.subList(20, 40)));
            gateway.awaitDurable(stream, 40);
        }
    }

    @Test
    void aClosedWriterIsFollowedByAnotherAndNothingIsLost() {
        TestSpool spool = new TestSpool(80, 5);
        try (TestGateway gateway = new TestGateway(vertx, "");
                TestWorker worker = new TestWorker(vertx, postgres, store)) {
            long closer = vertx.setPeriodic(
                    100,
                    timer -> postgres.preparedQuery(
                                    "update writer set closed_at = now() where node = $1 and closed_at is null")
                            .execute(Tuple.of(worker.id())));
            vertx.setTimer(1000, enough -> vertx.cancelTimer(closer));
            spool.send(gateway, worker);
            assertThat(TestNode.get(postgres.preparedQuery("select count(*) from writer where node = $1")
                                    .execute(Tuple.of(worker.id())))
                            .iterator()
                            .next()
                            .getLong(0))
                    .isGreaterThan(1);
        }
        spool.verify(postgres, store);
    }

    private static List<ChunkBatch.Item> items(TestStream stream, List<Buffer> payloads) {
        return payloads.stream()
                .map(payload -> new ChunkBatch.Item(stream.id(), payload))
                .toList();
    }
}
