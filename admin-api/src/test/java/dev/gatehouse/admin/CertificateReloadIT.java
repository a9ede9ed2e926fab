package dev.gatehouse.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.protocol.transport.Trust;
import dev.gatehouse.shared.testing.TestCas;
import dev.gatehouse.shared.testing.TestNode;
import dev.gatehouse.shared.trust.CertificateAuthority;
import dev.gatehouse.shared.trust.NodeIdentity;
import dev.gatehouse.shared.trust.PrivateKeys;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of an endpoint's certificate that change while somebody is connected. */
class CertificateReloadIT {

    private final CertificateAuthority ca = TestCas.ofJvm().authorities().nodes();

    @TempDir
    private Path folder;

    @Test
    void newConnectionsSeeTheNewCertificateAndOldOnesGoOn() throws Exception {
        X509Certificate first = write();
        AdminService service = new AdminService();
        try (TestNode node = TestNode.with()
                        .service(service)
                        .set(
                                "endpoints.admin.certificateFile",
                                folder.resolve("cert.pem").toString())
                        .set(
                                "endpoints.admin.keyFile",
                                folder.resolve("key.pem").toString())
                        .start();
                SSLSocket old = connect(service.port())) {
            assertThat(shown(old)).isEqualTo(first);
            // GIVEN files that are half written, WHEN they are whole
            Files.writeString(folder.resolve("cert.pem"), "-----BEGIN CERT");
            X509Certificate second = write();
            // THEN whoever comes is shown the new one, HTTP/2 as before
            await().atMost(Duration.ofSeconds(60)).until(() -> {
                try (SSLSocket socket = connect(service.port())) {
                    assertThat(socket.getApplicationProtocol()).isEqualTo("h2");
                    return shown(socket).equals(second);
                }
            });
            // AND who was connected has not noticed
            try (SSLSocket plain = old) {
                assertThat(plain.isClosed()).isFalse();
                plain.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                plain.getOutputStream().write(new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0}); // SETTINGS, empty
                assertThat(plain.getInputStream().read())
                        .as("an answer, not an end")
                        .isNotEqualTo(-1);
            }
            assertThat(node.sick()).isFalse();
        }
    }

    private X509Certificate write() throws IOException {
        KeyPair pair = PrivateKeys.generate();
        NodeIdentity made = new NodeIdentity(
                ca.issueNode("x", pair.getPublic(), List.of("localhost"), Instant.now(), Duration.ofDays(1)),
                pair.getPrivate(),
                ca.certificate());
        Files.write(folder.resolve("key.pem"), made.keyPem().getBytes());
        Files.write(folder.resolve("cert.pem"), made.chainPem().getBytes());
        return made.certificate();
    }

    private SSLSocket connect(int port) throws Exception {
        SSLContext tls = SSLContext.getInstance("TLSv1.3");
        tls.init(null, new TrustManager[] {Trust.of(List.of(ca.certificate()))}, null);
        SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
        socket.setSSLParameters(parameters);
        socket.setSoTimeout(30_000);
        socket.startHandshake();
        return socket;
    }

    private static X509Certificate shown(SSLSocket socket) throws IOException {
        return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }
}
