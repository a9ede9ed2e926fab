package dev.gatehouse.gateway.agentlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.gateway.testing.TestTrust;
import dev.gatehouse.protocol.identity.AgentKey;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentTrustTest {

    @TempDir
    private Path own;

    @TempDir
    private Path foreign;

    @Test
    void remembersWhomItsCaHasCertifiedAndNobodyElse() throws CertificateException {
        TestTrust trust = new TestTrust(own);
        AgentTrust agents = new AgentTrust(trust.authorities().agents().certificate());
        X509Certificate certified = certificate(trust);
        agents.checkClientTrusted(chain(certified), "ECDSA");
        agents.checkClientTrusted(chain(certified), "ECDSA");
        assertThat(agents.remembered()).isEqualTo(1);
        // a foreign one is refused each time
        X509Certificate other = certificate(new TestTrust(foreign));
        for (int time = 0; time < 2; time++) {
            assertThatThrownBy(() -> agents.checkClientTrusted(chain(other), "ECDSA"))
                    .isInstanceOf(CertificateException.class)
                    .hasMessage("certificate is not by the CA of agents");
        }
        assertThatThrownBy(() -> agents.checkClientTrusted(chain(), "ECDSA")).isInstanceOf(CertificateException.class);
        assertThat(agents.remembered()).isEqualTo(1);
    }

    private static X509Certificate certificate(TestTrust trust) {
        return trust.certificate(UUID.randomUUID(), AgentKey.generate(), Instant.now(), Duration.ofDays(7));
    }

    private static X509Certificate[] chain(X509Certificate... certificates) {
        return certificates;
    }
}
