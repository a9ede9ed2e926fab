package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.gateway.testing.FakeWorker;
import dev.gatehouse.gateway.testing.TestAgent;
import dev.gatehouse.gateway.testing.TestGateway;
import dev.gatehouse.protocol.message.StreamState;
import dev.gatehouse.protocol.message.Welcome;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class AgentLinkIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static TestGateway gateway;
    private final UUID stream = UUID.randomUUID();

    @BeforeAll
    static void start() {
        gateway = TestGateway.start();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @AfterEach
    void calm() {
        gateway.worker().mood(FakeWorker.Mood.WILLING);
    }

    @Test
    void carriesChunksToTheWorkerAndAcksBack() {
        try (TestAgent agent = gateway.agent()) {
            Welcome welcome = agent.connect(gateway.agentPort()).greet();
            assertThat(welcome.getGatewayId()).isEqualTo(gateway.node().id());
            assertThat(welcome.getCaptureLimit()).isGreaterThanOrEqualTo(64 * 1024);
            assertThat(agent.open(1, stream).getState()).isEqualTo(StreamState.OPEN_FOR_CHUNKS);
            for (int i = 0; i < 100; i++) {
                agent.sendChunk(1, i, 1000);
            }
            await().atMost(PATIENCE).until(() -> agent.durable.getOrDefault(1, 0L) == 100);
            assertThat(gateway.worker().stored(stream)).hasSize(100);
        }
    }

    @Test
    void linksOverWebSocketToo() {
        try (TestAgent agent = gateway.agent()) {
            agent.connectWebSocket(gateway.accessPort()).greet(agent.signedHello());
            agent.open(1, stream);
            agent.sendChunk(1, 0, 60_000);
            await().atMost(PATIENCE).until(() -> agent.durable.getOrDefault(1, 0L) == 1);
        }
    }
}
