package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.gateway.testing.FakeWorker;
import dev.gatehouse.gateway.testing.TestAgent;
import dev.gatehouse.gateway.testing.TestGateway;
import dev.gatehouse.protocol.message.Control;
import dev.gatehouse.protocol.message.ErrorCode;
import dev.gatehouse.protocol.message.GatewayAddress;
import dev.gatehouse.protocol.message.StreamState;
import dev.gatehouse.shared.cluster.Role;
import dev.gatehouse.shared.testing.TestNode;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Several nodes in one cluster: gateways that know of each other's links, workers that leave. */
class TwoGatewaysIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static TestGateway one;
    private static TestGateway two;

    @BeforeAll
    static void start() {
        one = TestGateway.start(Map.of(), Role.GATEWAY);
        two = one.beside();
    }

    @AfterAll
    static void stop() {
        two.close();
        one.close();
    }

    @Test
    void aNewerLinkAtAnotherGatewayClosesTheOlderAndALowerRunIsRefusedThere() {
        try (TestAgent older = one.agent();
                TestAgent newer = older.again();
                TestAgent stale = older.again()) {
            older.connect(one.agentPort()).greet();
            newer.connect(two.agentPort()).greet(newer.hello().setRun(2));
            assertThat(older.error().getCode()).isEqualTo(ErrorCode.SUPERSEDED);
            stale.connect(one.agentPort());
            stale.send(
                    Control.newBuilder().setHello(stale.hello().setCounter(9)).build());
            assertThat(stale.error().getCode()).isEqualTo(ErrorCode.STALE_RUN);
            assertThat(stale.error().getKnownRun()).isEqualTo(2);
        }
    }

    @Test
    void twoSlotsAtTwoGatewaysAreBothShownAndWelcomeNamesBoth() {
        try (TestAgent first = one.agent();
                TestAgent second = first.again()) {
            first.connect(one.agentPort()).greet();
            assertThat(second.connect(two.agentPort())
                            .greet(second.hello().setSlot(1).setCounter(2))
                            .getGatewaysList())
                    .containsExactlyInAnyOrder(
                            GatewayAddress.newBuilder()
                                    .setId(one.node().id())
                                    .setAddress("127.0.0.1:" + one.agentPort())
                                    .build(),
                            GatewayAddress.newBuilder()
                                    .setId(two.node().id())
                                    .setAddress("127.0.0.1:" + two.agentPort())
                                    .build());
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(one.gatewaysOf(first.agentId))
                            .containsExactlyInAnyOrder(
                                    one.node().id(), two.node().id()));
        }
    }

    @Test
    void aGatewayThatLeavesTellsItsAgents() {
        TestGateway leaving = one.beside();
        try (TestAgent agent = one.agent()) {
            agent.connect(leaving.agentPort()).greet();
            leaving.close();
            assertThat(agent.controls.stream().filter(Control::hasGoAway)).hasSize(1);
            assertThat(agent.error().getCode()).isEqualTo(ErrorCode.DRAINING);
        }
    }

    @Test
    void aWorkerThatLeavesIsReplacedByAnother() {
        UUID stream = UUID.randomUUID();
        TestNode first = TestNode.with(Role.INGEST_WORKER).beside(one.test()).start();
        FakeWorker worker = new FakeWorker(first.node());
        try (TestAgent agent = one.agent()) {
            // GIVEN chunks that the only worker has taken, but not made durable
            agent.connect(one.agentPort()).greet();
            agent.open(1, stream);
            worker.mood(FakeWorker.Mood.SLOW);
            agent.sendChunk(1, 0, 1000);
            await().atMost(PATIENCE).until(() -> worker.stored(stream).size() == 1);
            try (TestNode second =
                            TestNode.with(Role.INGEST_WORKER).beside(one.test()).start();
                    FakeWorker replacement = new FakeWorker(second.node())) {
                // WHEN it leaves the cluster THEN the agent opens the stream again and sends again, to the other
                worker.close();
                first.close();
                await().atMost(PATIENCE).until(() -> agent.rewinds() == 1);
                assertThat(agent.open(2, stream).getState()).isEqualTo(StreamState.OPEN_FOR_CHUNKS);
                agent.sendChunk(2, 0, 1000);
                await().atMost(PATIENCE).until(() -> agent.durable.getOrDefault(2, 0L) == 1);
                assertThat(replacement.stored(stream)).hasSize(1);
            }
        }
    }
}
