package dev.gatehouse.shared.custody;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.shared.trust.CertificateAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BootstrapTest {

    @TempDir
    Path home;

    @Test
    void makesTheCasOnce() throws IOException {
        CertificateAuthorities first = cas();
        CertificateAuthorities second = cas();
        assertThat(second.agents().certificate()).isEqualTo(first.agents().certificate());
        assertThat(second.nodes().certificate()).isEqualTo(first.nodes().certificate());
        assertThat(CertificateAuthority.read(home.resolve("trust/nodes-ca.pem")))
                .isEqualTo(first.nodes().certificate());
        assertThat(CertificateAuthorities.load(home.resolve("custody")).agents().certificate())
                .isEqualTo(first.agents().certificate());
    }

    @Test
    void ofManyAtTheSameTimeOneMakesThem() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<X509Certificate>> made = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                made.add(threads.submit(() -> cas().nodes().certificate()));
            }
            X509Certificate first = made.getFirst().get();
            for (Future<X509Certificate> each : made) {
                assertThat(each.get()).isEqualTo(first);
            }
        }
    }

    @Test
    void aStartCutOffBetweenKeyAndCertificateIsDoneAgain() throws IOException {
        cas();
        Files.delete(home.resolve("custody/agents-ca.pem"));
        Files.delete(home.resolve("trust/agents-ca.pem"));
        assertThat(cas().agents().certificate()).isNotNull();
    }

    @Test
    void neverReplacesACaThatIsInUse() throws IOException {
        cas();
        Files.delete(home.resolve("custody/agents-ca.pem"));
        assertThatThrownBy(this::cas).hasMessageContaining("agents-ca.pem");
        // nor the copy that everybody trusts, when the keys are another deployment's
        Path copy = home.resolve("trust/nodes-ca.pem");
        assertThatThrownBy(() -> Bootstrap.certificateAuthorities(
                        home.resolve("other"), home.resolve("other-agents-ca.pem"), copy))
                .hasMessageContaining("nodes-ca.pem");
    }

    private CertificateAuthorities cas() throws IOException {
        return Bootstrap.certificateAuthorities(
                home.resolve("custody"), home.resolve("trust/agents-ca.pem"), home.resolve("trust/nodes-ca.pem"));
    }
}
