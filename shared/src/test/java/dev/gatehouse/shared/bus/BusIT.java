package dev.gatehouse.shared.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.shared.cluster.Role;
import dev.gatehouse.shared.testing.TestNode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Two members on loopback. */
class BusIT {

    private static final TestNode gateway = TestNode.start(Role.GATEWAY);
    private static final TestNode worker =
            TestNode.with(Role.INGEST_WORKER).beside(gateway).start();
    private static final Duration LONG = Duration.ofSeconds(25);

    private final Bus fromGateway =
            new Bus(gateway.node().vertx(), gateway.node().members());
    private final Bus atWorker = new Bus(worker.node().vertx(), worker.node().members());

    @AfterAll
    static void close() {
        worker.close();
        gateway.close();
    }

    @Test
    void aBatchCrossesTheWireAndIsAnswered() {
        String address = Addresses.ingest(worker.node().id());
        ChunkBatch batch = new ChunkBatch(
                new ChunkBatch.Sender(gateway.node().id(), 0, 1),
                1,
                List.of(new ChunkBatch.Item(UUID.randomUUID(), Buffer.buffer(new byte[60_000]))));
        CopyOnWriteArrayList<ChunkBatch> taken = new CopyOnWriteArrayList<>();
        TestNode.get(atWorker.answer(address, ChunkBatch.class, message -> {
                    taken.add(message);
                    return Future.succeededFuture(ChunkBatch.Reply.BUSY);
                })
                .completion());
        assertThat(TestNode.get(
                        fromGateway.<ChunkBatch.Reply>request(worker.node().id(), address, batch, LONG)))
                .isEqualTo(ChunkBatch.Reply.BUSY);
        assertThat(taken).containsExactly(batch);
    }

    @Test
    void insideAProcessTheSameObjectArrives() {
        Progress progress = new Progress("w", List.of());
        Promise<Progress> arrived = Promise.promise();
        fromGateway.listen("local", Progress.class, arrived::tryComplete);
        fromGateway.send("local", progress);
        assertThat(TestNode.get(arrived.future())).isSameAs(progress);
    }

    @Test
    void aMalformedBatchIsAnsweredWithItsReason() {
        Vertx other = gateway.node().vertx();
        TestNode.get(atWorker.answer(
                        "malformed", ChunkBatch.class, message -> Future.succeededFuture(ChunkBatch.Reply.ACCEPTED))
                .completion());
        ChunkBatch tooLarge = new ChunkBatch(
                new ChunkBatch.Sender("g", 0, 1),
                1,
                java.util.Collections.nCopies(
                        17, new ChunkBatch.Item(UUID.randomUUID(), Buffer.buffer(new byte[65_536]))));
        assertThatThrownBy(() -> TestNode.get(fromGateway.request("malformed", tooLarge, LONG)))
                .isInstanceOfSatisfying(ReplyException.class, e -> {
                    assertThat(e.failureCode()).isEqualTo(Bus.MALFORMED);
                    assertThat(e).hasMessage("batch with 1114112 bytes of payloads; at most 1048576 are allowed");
                });
        assertThatThrownBy(() -> TestNode.get(other.eventBus().request("malformed", "a text")))
                .isInstanceOfSatisfying(
                        ReplyException.class, e -> assertThat(e.failureCode()).isEqualTo(Bus.MALFORMED));
    }

    @Test
    void aConsumerThatFailsOrThrowsAnswersAtOnce() {
        TestNode.get(atWorker.answer("fails", Progress.class, message -> Future.failedFuture("not now"))
                .completion());
        TestNode.get(atWorker.<Progress, Progress>answer("throws", Progress.class, message -> {
                    throw new IllegalStateException("on purpose");
                })
                .completion());
        Progress message = new Progress("w", List.of());
        assertThatThrownBy(() -> TestNode.get(fromGateway.request("fails", message, LONG)))
                .hasMessageContaining("not now");
        assertThatThrownBy(() -> TestNode.get(fromGateway.request("throws", message, LONG)))
                .hasMessageContaining("on purpose");
    }

    @Test
    void anUnansweredRequestEndsInTime() {
        TestNode.get(atWorker.answer(
                        "silent",
                        Progress.class,
                        message -> Promise.<Progress>promise().future())
                .completion());
        assertThatThrownBy(() -> TestNode.get(
                        fromGateway.request("silent", new Progress("w", List.of()), Duration.ofMillis(100))))
                .isInstanceOfSatisfying(
                        ReplyException.class, e -> assertThat(e.failureType()).isEqualTo(ReplyFailure.TIMEOUT));
    }

    @Test
    void aRequestToAMemberThatLeavesFailsAtOnce() {
        // GIVEN a member that never answers
        TestNode leaver = TestNode.with(Role.INGEST_WORKER).beside(gateway).start();
        Promise<Void> asked = Promise.promise();
        Bus atLeaver = new Bus(leaver.node().vertx(), leaver.node().members());
        TestNode.get(atLeaver.answer("leaver", Progress.class, message -> {
                    asked.tryComplete();
                    return Promise.<Progress>promise().future();
                })
                .completion());
        Future<Object> answer =
                fromGateway.request(leaver.node().id(), "leaver", new Progress("w", List.of()), Duration.ofMinutes(5));
        TestNode.get(asked.future());
        // WHEN the member leaves
        leaver.close();
        // THEN the request has failed, and so does the next
        assertThatThrownBy(() -> TestNode.get(answer)).isInstanceOf(MemberLeftException.class);
        assertThatThrownBy(() -> TestNode.get(
                        fromGateway.request(leaver.node().id(), "leaver", new Progress("w", List.of()), LONG)))
                .isInstanceOf(MemberLeftException.class);
        await().until(() -> gateway.node().members().with(Role.INGEST_WORKER).size() == 1);
    }
}
