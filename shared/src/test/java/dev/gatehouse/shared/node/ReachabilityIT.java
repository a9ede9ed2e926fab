package dev.gatehouse.shared.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.shared.cluster.Role;
import dev.gatehouse.shared.settings.HostPort;
import dev.gatehouse.shared.testing.TestCas;
import dev.gatehouse.shared.testing.TestNode;
import dev.gatehouse.shared.testing.TestServers;
import dev.gatehouse.shared.trust.CertificateAuthority;
import dev.gatehouse.shared.trust.NodeIdentity;
import dev.gatehouse.shared.trust.PrivateKeys;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReachabilityIT {

    private final CertificateAuthority ours = TestCas.ofJvm().authorities().nodes();
    private final Vertx vertx = Vertx.vertx();
    private final Reachability reachability = new Reachability(
            Settings.load(Optional.empty(), Map.of(), Map.of()).endpoints(), Set.of(Role.GATEWAY), ours.certificate());

    @AfterEach
    void close() {
        TestNode.get(vertx.close());
    }

    @Test
    void anEndpointThatIsKnownByItsNameIsReached() {
        assertThat(reachability.problem(serve(ours, "localhost"))).isEmpty();
    }

    @Test
    void whatOthersWouldTripOverIsSaid() {
        HostPort nobody = new HostPort("localhost", TestServers.freePort());
        assertThat(reachability.problem(nobody)).get().asString().contains("refused");
        assertThat(reachability.problem(serve(ours, "elsewhere.example")))
                .get()
                .asString()
                .contains("localhost");
        assertThat(reachability.problem(serve(CertificateAuthority.create("nodes", Instant.now()), "localhost")))
                .get()
                .asString()
                .contains("certification path");
        assertThat(reachability.problem(new HostPort("nobody.invalid", 1))).isPresent();
    }

    private HostPort serve(CertificateAuthority ca, String host) {
        KeyPair pair = PrivateKeys.generate();
        NodeIdentity shown = new NodeIdentity(
                ca.issueNode("x", pair.getPublic(), List.of(host), Instant.now(), Duration.ofDays(1)),
                pair.getPrivate(),
                ca.certificate());
        NetServer server = TestNode.get(vertx.createNetServer(new NetServerOptions()
                        .setSsl(true)
                        .setKeyCertOptions(new PemKeyCertOptions()
                                .addCertValue(shown.chainPem())
                                .addKeyValue(shown.keyPem())))
                .connectHandler(socket -> {})
                .listen(0, "127.0.0.1"));
        return new HostPort("localhost", server.actualPort());
    }
}
