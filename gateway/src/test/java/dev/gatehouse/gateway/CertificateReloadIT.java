package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.gateway.testing.TestAgent;
import dev.gatehouse.gateway.testing.TestGateway;
import dev.gatehouse.protocol.message.StreamState;
import dev.gatehouse.protocol.transport.Trust;
import dev.gatehouse.shared.cluster.Role;
import dev.gatehouse.shared.trust.CertificateAuthority;
import dev.gatehouse.shared.trust.NodeIdentity;
import dev.gatehouse.shared.trust.PrivateKeys;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of a gateway's certificates that change while agents are linked. */
class CertificateReloadIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    @Test
    void whoComesIsShownTheNewCertificateAndNoLinkIsDropped() throws Exception {
        try (TestGateway gateway = TestGateway.start(
                        trust -> settings(trust.authorities().nodes()), Role.GATEWAY, Role.INGEST_WORKER);
                TestAgent linked = gateway.agent();
                TestAgent overWebSocket = gateway.enrolled()) {
            CertificateAuthority ca = gateway.trust().authorities().nodes();
            // GIVEN agents with links of both kinds
            linked.connect(gateway.agentPort()).greet();
            overWebSocket.connectWebSocket(gateway.accessPort()).greet(overWebSocket.signedHello());
            X509Certificate first = shown(ca, gateway.agentPort());
            assertThat(shown(ca, gateway.accessPort())).isEqualTo(first);
            // WHEN the files are others
            X509Certificate second = write(ca);
            // THEN whoever comes is shown the new one
            await().atMost(PATIENCE).until(() -> shown(ca, gateway.agentPort()).equals(second));
            await().atMost(PATIENCE).until(() -> shown(ca, gateway.accessPort()).equals(second));
            try (TestAgent late = gateway.agent()) {
                late.connect(gateway.agentPort()).greet();
            }
            // AND the links that were there go on as if nothing had been
            assertCaptures(linked);
            assertCaptures(overWebSocket);
        }
    }

    private static void assertCaptures(TestAgent agent) {
        assertThat(agent.open(1, UUID.randomUUID()).getState()).isEqualTo(StreamState.OPEN_FOR_CHUNKS);
        agent.sendChunk(1, 0, 100);
        await().atMost(PATIENCE).until(() -> agent.durable.getOrDefault(1, 0L) == 1);
        assertThat(agent.ended()).isFalse();
    }

    private Map<String, String> settings(CertificateAuthority ca) {
        write(ca);
        String certificate = folder.resolve("cert.pem").toString();
        String key = folder.resolve("key.pem").toString();
        return Map.of(
                "endpoints.agent.certificateFile", certificate,
                "endpoints.agent.keyFile", key,
                "endpoints.access.certificateFile", certificate,
                "endpoints.access.keyFile", key);
    }

    private X509Certificate write(CertificateAuthority ca) {
        try {
            KeyPair pair = PrivateKeys.generate();
            NodeIdentity made = new NodeIdentity(
                    ca.issueNode("x", pair.getPublic(), List.of("127.0.0.1"), Instant.now(), Duration.ofDays(1)),
                    pair.getPrivate(),
                    ca.certificate());
            Files.write(folder.resolve("key.pem"), made.keyPem().getBytes());
            Files.write(folder.resolve("cert.pem"), made.chainPem().getBytes());
            return made.certificate();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** As the handshake ends for a client before the server has asked for its certificate, none is needed. */
    private static X509Certificate shown(CertificateAuthority ca, int port) throws Exception {
        SSLContext tls = SSLContext.getInstance("TLSv1.3");
        tls.init(null, new TrustManager[] {Trust.of(List.of(ca.certificate()))}, null);
        try (SSLSocket socket =
                (SSLSocket) tls.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(30_000);
            socket.startHandshake();
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }
}
