package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.gateway.testing.TestAgent;
import dev.gatehouse.gateway.testing.TestBalancer;
import dev.gatehouse.gateway.testing.TestGateway;
import dev.gatehouse.protocol.identity.AgentKey;
import dev.gatehouse.protocol.identity.Csr;
import dev.gatehouse.protocol.identity.Pem;
import dev.gatehouse.shared.testing.TestNode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The listeners for a balancer: there, and only there, what a PROXY protocol header says is believed. */
class ProxyProtocolIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static TestGateway gateway;
    private static HttpClient client;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start(Map.of(
                "endpoints.agent.proxyAddress", "127.0.0.1:0",
                "endpoints.access.proxyAddress", "127.0.0.1:0"));
        client = gateway.node()
                .vertx()
                .createHttpClient(new HttpClientOptions()
                        .setSsl(true)
                        .setTrustOptions(new PemTrustOptions()
                                .addCertValue(
                                        Buffer.buffer(Pem.text(gateway.trust().nodesCa())))));
    }

    @AfterAll
    static void stop() {
        TestNode.get(client.close());
        gateway.close();
    }

    @Test
    void theClientOfTheHeaderIsRecorded() {
        try (TestBalancer agents = balancer(gateway.agentProxyPort(), TestBalancer.header());
                TestBalancer https = balancer(gateway.accessProxyPort(), TestBalancer.header());
                TestAgent agent = gateway.enrolled();
                TestAgent overWebSocket = gateway.enrolled()) {
            assertThat(enrol(https.port())).isEqualTo(200);
            assertThat(TestNode.get(gateway.node()
                                    .postgres()
                                    .query("select remote from audit order by id desc limit 1")
                                    .execute())
                            .iterator()
                            .next()
                            .getString(0))
                    .isEqualTo("192.0.2.7");
            agent.connect(agents.port()).greet();
            overWebSocket.connectWebSocket(https.port()).greet(overWebSocket.signedHello());
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(address(agent.agentId)).isEqualTo("192.0.2.7"));
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(address(overWebSocket.agentId)).isEqualTo("192.0.2.7"));
        }
    }

    @Test
    void withoutAHeaderNobodyIsServedThere() {
        try (TestBalancer agents = balancer(gateway.agentProxyPort(), Buffer.buffer());
                TestAgent agent = gateway.agent()) {
            assertThatThrownBy(() -> agent.connect(agents.port())).isNotNull();
            assertThatThrownBy(() -> enrol(gateway.accessProxyPort())).isNotNull();
        }
    }

    @Test
    void elsewhereAHeaderIsNotBelieved() {
        try (TestBalancer agents = balancer(gateway.agentPort(), TestBalancer.header());
                TestBalancer https = balancer(gateway.accessPort(), TestBalancer.header());
                TestAgent agent = gateway.agent();
                TestAgent direct = gateway.enrolled()) {
            assertThatThrownBy(() -> agent.connect(agents.port())).isNotNull();
            assertThatThrownBy(() -> enrol(https.port())).isNotNull();
            direct.connect(gateway.agentPort()).greet();
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(address(direct.agentId)).isEqualTo("127.0.0.1"));
        }
    }

    private static TestBalancer balancer(int target, Buffer header) {
        return new TestBalancer(gateway.node().vertx(), target, header);
    }

    private static String address(UUID agentId) {
        var rows = TestNode.get(gateway.node()
                .postgres()
                .preparedQuery("select address from agent_presence where agent_id = $1")
                .execute(Tuple.of(agentId)));
        return rows.size() == 0 ? "" : rows.iterator().next().getString(0);
    }

    private static int enrol(int port) {
        JsonObject body = new JsonObject()
                .put("token", gateway.token())
                .put("name", "agent")
                .put(
                        "csr",
                        Base64.getEncoder()
                                .encodeToString(
                                        Csr.make(AgentKey.generate(), "agent").getBytes()));
        return TestNode.get(client.request(HttpMethod.POST, port, "127.0.0.1", "/enrol")
                .compose(request -> request.send(body.toBuffer()))
                .map(HttpClientResponse::statusCode));
    }
}
