package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.gatehouse.gateway.testing.FakeWorker.Mood;
import dev.gatehouse.gateway.testing.TestAgent;
import dev.gatehouse.gateway.testing.TestGateway;
import dev.gatehouse.protocol.identity.AgentKey;
import dev.gatehouse.protocol.identity.Csr;
import dev.gatehouse.protocol.message.Backlog;
import dev.gatehouse.protocol.message.Control;
import dev.gatehouse.protocol.message.ErrorCode;
import dev.gatehouse.protocol.message.Heartbeat;
import dev.gatehouse.protocol.message.Hello;
import dev.gatehouse.protocol.message.LinkError;
import dev.gatehouse.protocol.message.Renew;
import dev.gatehouse.protocol.message.Renewed;
import dev.gatehouse.protocol.message.StreamState;
import dev.gatehouse.protocol.wire.Ids;
import dev.gatehouse.shared.bus.Progress.Fault;
import dev.gatehouse.shared.presence.PresenceCache;
import dev.gatehouse.shared.testing.TestNode;
import io.vertx.core.net.NetClient;
import io.vertx.redis.client.Command;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What becomes of links that are well-behaved: which one counts, what their agents look like to others, what workers do to them. (A little over 300 lines, so that all of it shares one gateway.) */
class LinksIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static TestGateway gateway;
    private final UUID stream = UUID.randomUUID();

    @BeforeAll
    static void start() {
        gateway = TestGateway.start(Map.of("capture.maxLinks", "3", "capture.maxHandshakes", "2"));
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @AfterEach
    void calm() {
        gateway.worker().mood(Mood.WILLING);
    }

    @Test
    void aNewerLinkOfASlotTakesItsPlace() {
        try (TestAgent older = gateway.agent();
                TestAgent newer = sameAgent(older)) {
            older.connect(gateway.agentPort()).greet();
            newer.connect(gateway.agentPort()).greet(newer.hello().setCounter(2));
            assertThat(older.error().getCode()).isEqualTo(ErrorCode.SUPERSEDED);
            assertThat(newer.ended()).isFalse();
        }
    }

    @Test
    void anOlderLinkIsRefusedAndALowerRunToldTheKnownOne() {
        try (TestAgent first = gateway.agent();
                TestAgent late = sameAgent(first);
                TestAgent lower = sameAgent(first)) {
            first.connect(gateway.agentPort()).greet(first.hello().setRun(7).setCounter(5));
            assertThat(refusal(late, late.hello().setRun(7).setCounter(4)).getCode())
                    .isEqualTo(ErrorCode.SUPERSEDED);
            LinkError stale = refusal(lower, lower.hello().setRun(6).setCounter(9));
            assertThat(stale.getCode()).isEqualTo(ErrorCode.STALE_RUN);
            assertThat(stale.getKnownRun()).isEqualTo(7);
            assertThat(first.ended()).isFalse();
        }
    }

    @Test
    void aClonedAgentIsRefusedAndBothAreShown() {
        try (TestAgent original = gateway.agent();
                TestAgent clone = sameAgent(original)) {
            original.connect(gateway.agentPort()).greet();
            UUID cloneRun = UUID.randomUUID();
            LinkError refusal = refusal(clone, clone.hello().setRunId(Ids.bytes(cloneRun)));
            assertThat(refusal.getCode()).isEqualTo(ErrorCode.DUPLICATE_IDENTITY);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(presence(original.agentId).getUUID("duplicate_run_id"))
                            .isEqualTo(cloneRun));
        }
    }

    @Test
    void linksBeyondTheLimitAreToldWhenToComeBack() {
        try (TestAgent a = gateway.agent();
                TestAgent b = gateway.agent();
                TestAgent c = gateway.agent();
                TestAgent d = gateway.agent()) {
            a.connect(gateway.agentPort()).greet();
            b.connect(gateway.agentPort()).greet();
            c.connect(gateway.agentPort()).greet();
            LinkError refusal = refusal(d, d.hello());
            assertThat(refusal.getCode()).isEqualTo(ErrorCode.OVERLOADED);
            assertThat(refusal.getRetryMillis()).isBetween(1_000, 5_000);
        }
    }

    @Test
    void handshakesBeyondTheLimitAreNotBegun() {
        NetClient plain = gateway.node().vertx().createNetClient();
        try (TestAgent agent = gateway.agent()) {
            // GIVEN as many connections as may shake hands, which say nothing
            for (int i = 0; i < 2; i++) {
                TestNode.get(plain.connect(gateway.agentPort(), "127.0.0.1"));
            }
            await().atMost(PATIENCE).until(() -> gauge("gatehouse_gateway_handshakes") == 2);
            // WHEN another comes THEN it is closed at once
            assertThatThrownBy(() -> agent.connect(gateway.agentPort()));
            // AND when they have gone there is room again
            TestNode.get(plain.close());
            await().atMost(PATIENCE).until(() -> gauge("gatehouse_gateway_handshakes") == 0);
            agent.connect(gateway.agentPort()).greet();
        } finally {
            TestNode.get(plain.close());
        }
    }

    private static double gauge(String name) {
        return gateway.node().meters().get(name).gauge().value();
    }

    @Test
    void withoutHelloALinkEnds() {
        try (TestAgent agent = gateway.agent()) {
            agent.connect(gateway.agentPort());
            assertThat(agent.error().getCode()).isEqualTo(ErrorCode.SILENT);
        }
    }

    @Test
    void aRevokedAgentLosesItsLinkWithinASecondOrTwo() {
        try (TestAgent agent = gateway.enrolled()) {
            agent.connect(gateway.agentPort()).greet();
            gateway.revoke(agent.agentId);
            assertThat(agent.error().getCode()).isEqualTo(ErrorCode.REVOKED);
            try (TestAgent again = sameAgent(agent)) {
                assertThat(refusal(again, again.hello().setCounter(2)).getCode())
                        .isEqualTo(ErrorCode.REVOKED);
            }
        }
    }

    @Test
    void aCertificateIsRenewedOverTheLink() {
        try (TestAgent agent = gateway.enrolled()) {
            agent.connect(gateway.agentPort()).greet();
            agent.send(Control.newBuilder()
                    .setRenew(Renew.newBuilder()
                            .setCsr(ByteString.copyFrom(
                                    Csr.make(AgentKey.generate(), "agent").getBytes())))
                    .build());
            await().atMost(PATIENCE).until(() -> agent.controls.stream().anyMatch(Control::hasRenewed));
            Renewed renewed = agent.controls.getLast().getRenewed();
            assertThat(renewed.getDetail()).isEmpty();
            assertThat(renewed.getCertificate().isEmpty()).isFalse();
        }
    }

    @Test
    void presenceIsInTheDatabaseAndInRedisAndGoesAtTheEnd() {
        try (TestAgent agent = gateway.agent()) {
            agent.connect(gateway.agentPort()).greet(agent.hello().putLabels("site", "a"));
            agent.send(Control.newBuilder()
                    .setHeartbeat(Heartbeat.newBuilder()
                            .setBacklog(Backlog.newBuilder().setBytes(5).setChunks(2)))
                    .build());
            await().atMost(PATIENCE).untilAsserted(() -> {
                Row row = presence(agent.agentId);
                assertThat(row.getArrayOfStrings("gateways"))
                        .containsExactly(gateway.node().id());
                assertThat(row.getLong("spool_bytes")).isEqualTo(5);
                assertThat(row.getJsonObject("labels").getString("site")).isEqualTo("a");
                assertThat(cached(agent.agentId)).contains("\"bytes\":5");
            });
            // WHEN Redis has lost everything THEN it knows again
            TestNode.get(gateway.node().redis().send(Command.FLUSHDB));
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> !cached(agent.agentId).isEmpty());
            agent.hangUp();
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(presence(agent.agentId).getArrayOfStrings("gateways"))
                            .isEmpty());
            await().atMost(PATIENCE).until(() -> cached(agent.agentId).isEmpty());
        }
    }

    @Test
    void aBusyWorkerGetsEverythingInTheEnd() {
        gateway.worker().mood(Mood.BUSY);
        try (TestAgent agent = linked()) {
            for (int i = 0; i < 50; i++) {
                agent.sendChunk(1, i, 100);
            }
            gateway.worker().mood(Mood.WILLING);
            await().atMost(PATIENCE).until(() -> agent.durable.getOrDefault(1, 0L) == 50);
            assertThat(agent.rewinds()).isZero();
        }
    }

    @Test
    void aWorkerThatDoesNotAnswerForAWhileGetsEverythingInTheEnd() {
        try (TestAgent agent = linked()) {
            gateway.worker().mood(Mood.SILENT);
            for (int i = 0; i < 50; i++) {
                agent.sendChunk(1, i, 100);
            }
            await().pollDelay(Duration.ofSeconds(3)).until(() -> true); // past its time to answer
            assertThat(agent.ended()).isFalse();
            gateway.worker().mood(Mood.WILLING);
            await().atMost(PATIENCE).until(() -> agent.durable.getOrDefault(1, 0L) == 50);
            assertThat(gateway.worker().stored(stream)).hasSize(50);
        }
    }

    @Test
    void aLeavingWorkerRewindsAndTheStreamIsOpenedAgain() {
        try (TestAgent agent = linked()) {
            gateway.worker().mood(Mood.LEAVING);
            agent.sendChunk(1, 0, 100);
            await().atMost(PATIENCE).until(() -> agent.rewinds() == 1);
            gateway.worker().mood(Mood.WILLING);
            assertThat(agent.open(2, stream).getNext()).isZero();
            agent.sendChunk(1, 1, 100); // on its way before the REWIND was read: dropped
            agent.sendChunk(2, 0, 100);
            await().atMost(PATIENCE).until(() -> agent.durable.getOrDefault(2, 0L) == 1);
        }
    }

    @Test
    void aForkIsToldOnItsChannelAGapRewinds() {
        try (TestAgent agent = linked()) {
            gateway.worker().tell(gateway.node().id(), stream, 0, Fault.FORKED);
            await().atMost(PATIENCE).until(() -> agent.opened.get(1).getState() == StreamState.FORKED);
            UUID other = UUID.randomUUID();
            agent.open(2, other);
            gateway.worker().tell(gateway.node().id(), other, 0, Fault.GAP);
            await().atMost(PATIENCE).until(() -> agent.rewinds() == 1);
        }
    }

    @Test
    void anotherAgentsStreamIsRefused() {
        try (TestAgent owner = linked();
                TestAgent thief = gateway.agent()) {
            thief.connect(gateway.agentPort()).greet();
            assertThat(thief.open(1, stream).getState()).isEqualTo(StreamState.REFUSED);
            owner.sendChunk(1, 0, 100);
            await().atMost(PATIENCE).until(() -> owner.durable.getOrDefault(1, 0L) == 1);
        }
    }

    private TestAgent linked() {
        TestAgent agent = gateway.agent();
        agent.connect(gateway.agentPort()).greet();
        assertThat(agent.open(1, stream).getState()).isEqualTo(StreamState.OPEN_FOR_CHUNKS);
        return agent;
    }

    private static TestAgent sameAgent(TestAgent other) {
        return other.again();
    }

    private static LinkError refusal(TestAgent agent, Hello.Builder hello) {
        agent.connect(gateway.agentPort());
        agent.send(Control.newBuilder().setHello(hello).build());
        return agent.error();
    }

    private static Row presence(UUID agentId) {
        RowSet<Row> rows = TestNode.get(gateway.node()
                .postgres()
                .preparedQuery("select * from agent_presence where agent_id = $1")
                .execute(Tuple.of(agentId)));
        assertThat(rows).hasSize(1);
        return rows.iterator().next();
    }

    private static String cached(UUID agentId) {
        var value = TestNode.get(gateway.node()
                .redis()
                .send(Command.HGET, PresenceCache.key(agentId), gateway.node().id()));
        return value == null ? "" : value.toString();
    }
}
