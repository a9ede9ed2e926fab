package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.gatehouse.gateway.testing.FakeWorker.Mood;
import dev.gatehouse.gateway.testing.RawTls;
import dev.gatehouse.gateway.testing.TestAgent;
import dev.gatehouse.gateway.testing.TestGateway;
import dev.gatehouse.protocol.identity.AgentKey;
import dev.gatehouse.protocol.message.Control;
import dev.gatehouse.protocol.message.ErrorCode;
import dev.gatehouse.protocol.message.Heartbeat;
import dev.gatehouse.protocol.message.Hello;
import dev.gatehouse.protocol.wire.Frame;
import dev.gatehouse.protocol.wire.FrameType;
import dev.gatehouse.protocol.wire.Ids;
import dev.gatehouse.shared.trust.CertificateAuthority;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClientOptions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is wrong ends the one link that said it, with a reason, and nothing else. Over 300 lines, a few for each kind of wrong. */
class BadInputIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static TestGateway gateway;
    private final UUID stream = UUID.randomUUID();

    @BeforeAll
    static void start() {
        gateway = TestGateway.start(Map.of("capture.silence", "3s"));
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @AfterEach
    void othersGoOn() {
        gateway.worker().mood(Mood.WILLING);
        try (TestAgent bystander = gateway.agent()) {
            bystander.connect(gateway.agentPort()).greet();
            bystander.open(1, UUID.randomUUID());
            bystander.sendChunk(1, 0, 10);
            await().atMost(PATIENCE).until(() -> bystander.durable.getOrDefault(1, 0L) == 1);
        }
    }

    static Stream<Arguments> brokenAfterWelcome() {
        return Stream.of(
                broken("unknown frame type", ErrorCode.BAD_FRAME, "00 00 00 3f 00 00 00 00"),
                broken("oversized frame", ErrorCode.BAD_FRAME, "01 00 01 03 00 00 00 01"),
                broken("garbage", ErrorCode.BAD_FRAME, "47 45 54 20 2f 20 48 54 54 50 2f 31 2e 31 0d 0a"),
                broken("CONTROL that is no protobuf", ErrorCode.BAD_MESSAGE, "00 00 02 00 00 00 00 00 ff ff"),
                broken("CONTROL on a channel", ErrorCode.BAD_FRAME, "00 00 00 00 00 00 00 05"),
                broken("CONTROL without a body", ErrorCode.BAD_MESSAGE, "00 00 00 00 00 00 00 00"),
                broken("a gateway's word", ErrorCode.BAD_ORDER, "00 00 02 00 00 00 00 00 1a 00"),
                broken("CHUNK before STREAM_OPEN", ErrorCode.BAD_ORDER, chunkFrame()),
                broken("CHUNK too short", ErrorCode.BAD_FRAME, "00 00 01 03 00 00 00 01 00"),
                broken("STREAM_OPEN without fields", ErrorCode.BAD_MESSAGE, "00 00 00 01 00 00 00 01"),
                broken("a gateway's frame", ErrorCode.BAD_ORDER, "00 00 00 02 00 00 00 01"),
                broken("DATA of no tunnel", ErrorCode.BAD_ORDER, "00 00 00 0a 80 00 00 01"));
    }

    private static Arguments broken(String what, ErrorCode code, String hex) {
        return Arguments.of(what, code, Buffer.buffer(HexFormat.of().parseHex(hex.replace(" ", ""))));
    }

    private static String chunkFrame() {
        Buffer frame = new Frame(FrameType.CHUNK, 1, TestAgent.chunk(0, new byte[1])).encode();
        return HexFormat.of().formatHex(frame.getBytes());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("brokenAfterWelcome")
    void brokenFramesEndTheLink(String what, ErrorCode code, Buffer bytes) {
        try (RawTls raw = RawTls.connect(gateway)) {
            raw.greet();
            raw.send(bytes);
            assertThat(raw.error().getCode()).isEqualTo(code);
        }
    }

    @Test
    void everyWordHasItsLimits() {
        try (TestAgent agent = gateway.agent()) {
            agent.connect(gateway.agentPort()).greet();
            agent.send(Control.newBuilder()
                    .setHeartbeat(Heartbeat.newBuilder().setLedgerNote("n".repeat(1_025)))
                    .build());
            assertThat(agent.error().getCode()).isEqualTo(ErrorCode.BAD_MESSAGE);
        }
    }

    @Test
    void aWordOfANewerVersionIsIgnored() {
        try (TestAgent agent = gateway.agent()) {
            agent.connect(gateway.agentPort()).greet();
            agent.send(Control.newBuilder()
                    .setUnknownFields(UnknownFieldSet.newBuilder()
                            .addField(
                                    99,
                                    UnknownFieldSet.Field.newBuilder()
                                            .addVarint(1)
                                            .build())
                            .build())
                    .build());
            agent.open(1, stream);
            agent.sendChunk(1, 0, 10);
            await().atMost(PATIENCE).until(() -> agent.durable.getOrDefault(1, 0L) == 1);
        }
    }

    @Test
    void whatIsCutInTheMiddleIsForgotten() {
        try (RawTls raw = RawTls.connect(gateway)) {
            raw.greet();
            raw.send(Buffer.buffer(new byte[] {0, 1, 0, 3, 0}));
        }
    }

    @Test
    void aHalfOpenLinkIsNoticed() {
        try (RawTls raw = RawTls.connect(gateway)) {
            raw.greet(); // and never answers a PING
            assertThat(raw.error().getCode()).isEqualTo(ErrorCode.SILENT);
        }
    }

    @Test
    void chunksOfAChannelGoUpByOneAndNoneFollowsFin() {
        try (TestAgent agent = gateway.agent()) {
            agent.connect(gateway.agentPort()).greet();
            agent.open(1, stream);
            agent.sendChunk(1, 0, 10);
            agent.sendChunk(1, 2, 10);
            assertThat(agent.error().getDetail()).isEqualTo("CHUNK 2 on channel 1; 1 is next");
        }
    }

    @Test
    void aFrameBeforeHelloIsOutOfOrder() {
        try (TestAgent agent = gateway.agent()) {
            agent.connect(gateway.agentPort());
            agent.send(Control.newBuilder()
                    .setHeartbeat(Heartbeat.getDefaultInstance())
                    .build());
            assertThat(agent.error().getCode()).isEqualTo(ErrorCode.BAD_ORDER);
        }
    }

    @Test
    void aSecondHelloIsOutOfOrder() {
        try (TestAgent agent = gateway.agent()) {
            agent.connect(gateway.agentPort()).greet();
            agent.send(Control.newBuilder().setHello(agent.hello()).build());
            assertThat(agent.error().getCode()).isEqualTo(ErrorCode.BAD_ORDER);
        }
    }

    @Test
    void chunksBeyondTheWindowCloseTheLink() {
        gateway.worker().mood(Mood.SLOW);
        try (TestAgent agent = gateway.agent()) {
            agent.connect(gateway.agentPort()).greet();
            agent.open(1, stream);
            long sent = 0;
            for (int i = 0; sent <= agent.limit(); i++) {
                agent.sendChunk(1, i, 60_000);
                sent += 60_048;
            }
            assertThat(agent.error().getCode()).isEqualTo(ErrorCode.WINDOW_EXCEEDED);
        }
    }

    @Test
    void anotherAgentsIdIsRefused() {
        refused(ErrorCode.NOT_ENROLLED, agent -> agent.hello().setAgentId(Ids.bytes(UUID.randomUUID())));
    }

    @Test
    void fieldsOutOfTheirLimitsAreRefused() {
        refused(ErrorCode.BAD_MESSAGE, agent -> agent.hello().setSlot(2));
        refused(ErrorCode.BAD_MESSAGE, agent -> agent.hello().setRun(0));
        refused(ErrorCode.BAD_MESSAGE, agent -> agent.hello().setRunId(ByteString.copyFromUtf8("short")));
        refused(ErrorCode.BAD_MESSAGE, agent -> agent.hello().setVersion("a\0b"));
    }

    @Test
    void aGatewayThatIsToBeAvoidedSaysSo() {
        refused(
                ErrorCode.AVOIDED,
                agent -> agent.hello().addAvoid(gateway.node().id()));
    }

    private void refused(ErrorCode code, Function<TestAgent, Hello.Builder> hello) {
        try (TestAgent agent = gateway.agent()) {
            agent.connect(gateway.agentPort());
            agent.send(Control.newBuilder().setHello(hello.apply(agent)).build());
            assertThat(agent.error().getCode()).isEqualTo(code);
        }
    }

    @Test
    void anExpiredCertificateIsToldToRenew() {
        try (TestAgent agent = new TestAgent(
                gateway.node().vertx(),
                gateway.trust(),
                UUID.randomUUID(),
                AgentKey.generate(),
                Instant.now().minus(Duration.ofDays(10)),
                Duration.ofDays(7))) {
            agent.connect(gateway.agentPort());
            agent.send(Control.newBuilder().setHello(agent.hello()).build());
            assertThat(agent.error().getCode()).isEqualTo(ErrorCode.CERTIFICATE_EXPIRED);
        }
    }

    @Test
    void anotherCasCertificateGetsNoLink() {
        CertificateAuthority other = CertificateAuthority.create("agents", Instant.now());
        AgentKey key = AgentKey.generate();
        UUID id = UUID.randomUUID();
        X509Certificate certificate = other.issueAgent(id, key.publicKey(), Instant.now(), Duration.ofDays(7));
        noLink(new TestAgent(
                gateway.node().vertx(), id, key, certificate, gateway.trust().nodesCa()));
    }

    @Test
    void aNodesCertificateIsNoAgents() {
        AgentKey key = AgentKey.generate();
        X509Certificate certificate = gateway.trust()
                .authorities()
                .nodes()
                .issueNode("n", key.publicKey(), List.of("localhost"), Instant.now(), Duration.ofDays(1));
        noLink(new TestAgent(
                gateway.node().vertx(),
                UUID.randomUUID(),
                key,
                certificate,
                gateway.trust().nodesCa()));
    }

    /** With TLS 1.3 a client learns of the refusal only after it believes to be connected. */
    private static void noLink(TestAgent agent) {
        try (agent) {
            assertThatThrownBy(() -> agent.connect(gateway.agentPort()).greet()).isInstanceOf(Throwable.class);
            assertThat(agent.controls).isEmpty();
        }
    }

    @Test
    void webSocketWantsASignatureOverItsOwnNonce() {
        try (TestAgent agent = gateway.agent()) {
            agent.connectWebSocket(gateway.accessPort());
            agent.send(Control.newBuilder()
                    .setHello(agent.signedHello().setSignature(ByteString.copyFrom(new byte[70])))
                    .build());
            assertThat(agent.error().getCode()).isEqualTo(ErrorCode.NOT_ENROLLED);
        }
        try (TestAgent agent = gateway.agent()) {
            agent.connectWebSocket(gateway.accessPort());
            agent.send(Control.newBuilder().setHello(agent.hello()).build());
            assertThat(agent.error().getCode()).isIn(ErrorCode.BAD_MESSAGE, ErrorCode.NOT_ENROLLED);
        }
    }

    @Test
    void withoutTheProtocolsNameWithoutACertificateOrWithOldTlsThereIsNoLink() {
        tls(options -> options.setUseAlpn(false).setApplicationLayerProtocols(List.of()));
        tls(options -> options.setKeyCertOptions(null));
        tls(options -> options.setEnabledSecureTransportProtocols(Set.of("TLSv1.2")));
    }

    private static void tls(Consumer<NetClientOptions> change) {
        try (RawTls raw = RawTls.connect(gateway, change)) {
            assertThat(raw.refused()).isTrue();
        }
    }
}
