package dev.gatehouse.admin.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.admin.AdminService;
import dev.gatehouse.shared.cluster.Role;
import dev.gatehouse.shared.node.StartException;
import dev.gatehouse.shared.testing.TestCas;
import dev.gatehouse.shared.testing.TestNode;
import dev.gatehouse.shared.testing.TestServers;
import dev.gatehouse.shared.trust.CertificateAuthority;
import dev.gatehouse.shared.trust.NodeIdentity;
import dev.gatehouse.shared.trust.NodeUri;
import dev.gatehouse.shared.trust.PrivateKeys;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node without the CAs' keys gets its certificate from an admin endpoint by the node token. */
class NodeCertificateIT {

    private static final AdminService service = new AdminService();
    private static final TestNode admin = TestNode.with().service(service).start();

    @TempDir
    private Path folder;

    @AfterAll
    static void close() {
        admin.close();
    }

    @Test
    void aNodeGetsItsCertificateAndKeepsIt() {
        Path kept = folder.resolve("node");
        X509Certificate first;
        try (TestNode node = node(url(), TestCas.ofJvm().tokenFile())
                .set("node.name", "gateway-7")
                .set("node.directory", kept.toString())
                .start()) {
            first = node.node().certificates().identity().certificate();
            assertThat(NodeUri.read(first)).contains("gateway-7");
            assertThat(TestCas.ofJvm().authorities().nodes().issued(first)).isTrue();
            // it is noted, and that it was given out
            assertThat(count("select count(*) from certificate where node = 'gateway-7'"))
                    .isEqualTo(1);
            assertThat(count("select count(*) from audit where action = 'node.certificate' and target = 'gateway-7'"
                            + " and outcome = 'done'"))
                    .isEqualTo(1);
        }
        // WHEN it starts again while no admin-api is there
        try (TestNode node = node(nobody(), TestCas.ofJvm().tokenFile())
                .set("node.name", "gateway-7")
                .set("node.directory", kept.toString())
                .start()) {
            // THEN it has the same certificate
            assertThat(node.node().certificates().identity().certificate()).isEqualTo(first);
        }
    }

    @Test
    void aWrongTokenEndsTheStartAtOnceAndIsAudited() throws IOException {
        Path wrong = Files.writeString(folder.resolve("token"), "ghn_guessed\n");
        assertThatThrownBy(() -> node(url(), wrong).set("node.name", "guesser").start())
                .isInstanceOfSatisfying(
                        StartException.class, e -> assertThat(e.status()).isEqualTo(5))
                .hasMessageContaining("custody.nodeTokenFile");
        assertThat(count("select count(*) from audit where action = 'node.certificate' and target = 'guesser'"
                        + " and outcome = 'refused'"))
                .isEqualTo(1);
        assertThat(count("select count(*) from certificate where node = 'guesser'"))
                .isZero();
    }

    @Test
    void custodyThatIsAwayIsWaitedForAndThenSaid() {
        assertThatThrownBy(() -> node(nobody(), TestCas.ofJvm().tokenFile())
                        .set("custody.startWait", "1s")
                        .start())
                .isInstanceOfSatisfying(
                        StartException.class, e -> assertThat(e.status()).isEqualTo(4))
                .hasMessageContaining("custody.url: no certificate for this node within 1 s")
                .hasMessageContaining("does not answer");
    }

    @Test
    void nobodyWhoDoesNotProveItIsToldTheToken() throws Exception {
        CertificateAuthority stranger = CertificateAuthority.create("nodes", Instant.now());
        CertificateAuthority ours = TestCas.ofJvm().authorities().nodes();
        assertThat(told(stranger, "localhost")).as("another CA").isZero();
        assertThat(told(ours, "elsewhere.example")).as("another host").isZero();
    }

    @Test
    void withoutAnyWayToACertificateItSaysWhatIsMissing() {
        assertThatThrownBy(() -> TestNode.with(Role.GATEWAY)
                        .beside(admin)
                        .unset("custody.directory")
                        .start())
                .hasMessageContaining("custody.url and custody.nodeTokenFile are needed");
    }

    /** How many requests reach a server with a certificate of the CA for the host. */
    private int told(CertificateAuthority ca, String host) throws Exception {
        KeyPair pair = PrivateKeys.generate();
        NodeIdentity shown = new NodeIdentity(
                ca.issueNode("x", pair.getPublic(), List.of(host), Instant.now(), Duration.ofDays(1)),
                pair.getPrivate(),
                ca.certificate());
        AtomicInteger requests = new AtomicInteger();
        Vertx vertx = Vertx.vertx();
        HttpServer server = TestNode.get(vertx.createHttpServer(new HttpServerOptions()
                        .setSsl(true)
                        .setKeyCertOptions(new PemKeyCertOptions()
                                .addCertValue(shown.chainPem())
                                .addKeyValue(shown.keyPem())))
                .requestHandler(request -> {
                    requests.incrementAndGet();
                    request.response().setStatusCode(403).end("{}");
                })
                .listen(0, "127.0.0.1"));
        try {
            assertThatThrownBy(() -> node(
                                    "https://localhost:" + server.actualPort(),
                                    TestCas.ofJvm().tokenFile())
                            .set("custody.startWait", "100ms")
                            .start())
                    .isInstanceOfSatisfying(
                            StartException.class, e -> assertThat(e.status()).isEqualTo(4))
                    .hasMessageContaining("it was not told the token");
            return requests.get();
        } finally {
            TestNode.get(vertx.close());
        }
    }

    private static TestNode.Builder node(String url, Path token) {
        return TestNode.with(Role.GATEWAY)
                .beside(admin)
                .unset("custody.directory")
                .set("custody.url", url)
                .set("custody.nodeTokenFile", token.toString());
    }

    private static String url() {
        return "https://localhost:" + service.port();
    }

    private static String nobody() {
        return "https://localhost:" + TestServers.freePort();
    }

    private static long count(String sql) {
        return TestNode.get(admin.node().postgres().query(sql).execute())
                .iterator()
                .next()
                .getLong(0);
    }
}
