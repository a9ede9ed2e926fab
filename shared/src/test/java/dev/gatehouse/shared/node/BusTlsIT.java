package dev.gatehouse.shared.node;

import static dev.gatehouse.shared.testing.TestNode.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.protocol.transport.Trust;
import dev.gatehouse.shared.bus.Bus;
import dev.gatehouse.shared.cluster.Role;
import dev.gatehouse.shared.testing.TestCas;
import dev.gatehouse.shared.testing.TestNode;
import dev.gatehouse.shared.testing.TestServers;
import dev.gatehouse.shared.trust.CertificateAuthority;
import dev.gatehouse.shared.trust.NodeIdentity;
import dev.gatehouse.shared.trust.PrivateKeys;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.TrustOptions;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Whom the event bus talks to: nodes, and nobody else. */
class BusTlsIT {

    private static final int BUS = TestServers.freePort();

    /** A ping of the event bus: length, then the message. A member would answer it with one byte. */
    private static final Buffer PING = ping();

    private static final TestNode one = TestNode.with(Role.GATEWAY)
            .set("cluster.busAddress", "127.0.0.1:" + BUS)
            .start();
    private static final TestNode two =
            TestNode.with(Role.INGEST_WORKER).beside(one).start();

    @AfterAll
    static void close() {
        two.close();
        one.close();
    }

    @Test
    void aNodesCertificateIsLetIn() {
        assertThat(answer(Optional.of(one.node().certificates().identity()))).isEqualTo("01");
    }

    @Test
    void anAgentsCertificateIsRefused() {
        CertificateAuthority agents = TestCas.ofJvm().authorities().agents();
        KeyPair pair = PrivateKeys.generate();
        assertThat(answer(Optional.of(new NodeIdentity(
                        agents.issueAgent(UUID.randomUUID(), pair.getPublic(), Instant.now(), Duration.ofDays(1)),
                        pair.getPrivate(),
                        agents.certificate()))))
                .matches("closed|refused: .*");
        stillWorks();
    }

    @Test
    void aCertificateOfAnotherDeploymentAndNoneAreRefused() {
        CertificateAuthority foreign = CertificateAuthority.create("nodes", Instant.now());
        KeyPair pair = PrivateKeys.generate();
        assertThat(answer(Optional.of(new NodeIdentity(
                        foreign.issueNode(
                                "stranger", pair.getPublic(), List.of("127.0.0.1"), Instant.now(), Duration.ofDays(1)),
                        pair.getPrivate(),
                        foreign.certificate()))))
                .matches("closed|refused: .*");
        assertThat(answer(Optional.empty())).matches("closed|refused: .*");
        stillWorks();
    }

    @Test
    void whatIsNotTlsIsRefused() {
        for (Buffer bytes : List.of(
                PING, Buffer.buffer("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"), Buffer.buffer(new byte[100_000]))) {
            assertThat(talk(new NetClientOptions(), bytes)).doesNotStartWith("01");
        }
        stillWorks();
    }

    private static void stillWorks() {
        Bus atTwo = new Bus(two.node().vertx(), two.node().members());
        Bus fromOne = new Bus(one.node().vertx(), one.node().members());
        String address = "test." + UUID.randomUUID();
        get(atTwo.answer(address, String.class, body -> Future.succeededFuture(body + "!"))
                .completion());
        assertThat(TestNode.<String>get(fromOne.request(two.node().id(), address, "there", Duration.ofSeconds(20))))
                .isEqualTo("there!");
    }

    /** What the bus says to a ping over TLS with the certificate, until it closes or has answered. */
    private static String answer(Optional<NodeIdentity> shown) {
        NetClientOptions tls = new NetClientOptions()
                .setSsl(true)
                .setHostnameVerificationAlgorithm("")
                .setTrustOptions(TrustOptions.wrap(
                        Trust.of(List.of(TestCas.ofJvm().authorities().nodes().certificate()))))
                .setEnabledSecureTransportProtocols(Set.of("TLSv1.3"));
        shown.ifPresent(identity -> tls.setKeyCertOptions(
                new PemKeyCertOptions().addCertValue(identity.chainPem()).addKeyValue(identity.keyPem())));
        return talk(tls, PING);
    }

    private static String talk(NetClientOptions options, Buffer bytes) {
        Promise<String> said = Promise.promise();
        NetClient client = one.node().vertx().createNetClient(options); // held: an unreachable one closes
        client.connect(BUS, "127.0.0.1")
                .onSuccess(socket -> {
                    socket.handler(answer -> said.tryComplete(hex(answer)));
                    socket.exceptionHandler(refused -> said.tryComplete("refused: " + refused));
                    socket.closeHandler(closed -> said.tryComplete("closed"));
                    socket.write(bytes);
                })
                .onFailure(refused -> said.tryComplete("refused: " + refused));
        String result = get(said.future());
        get(client.close());
        return result;
    }

    private static String hex(Buffer bytes) {
        return java.util.HexFormat.of().formatHex(bytes.getBytes());
    }

    /** As Vert.x 5.0 writes it: protocol version, the ping codec's id, send, no address, no reply address, a sender, no headers, no body. */
    private static Buffer ping() {
        byte[] sender = "x".getBytes(StandardCharsets.UTF_8);
        Buffer message = Buffer.buffer()
                .appendByte((byte) 2)
                .appendByte((byte) 1)
                .appendByte((byte) 0)
                .appendInt(0)
                .appendInt(0)
                .appendInt(sender.length)
                .appendBytes(sender)
                .appendInt(4);
        return Buffer.buffer().appendInt(message.length()).appendBuffer(message);
    }
}
