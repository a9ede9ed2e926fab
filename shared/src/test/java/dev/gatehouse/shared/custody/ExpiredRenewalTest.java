package dev.gatehouse.shared.custody;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.protocol.identity.AgentKey;
import dev.gatehouse.protocol.identity.Csr;
import dev.gatehouse.protocol.identity.Pem;
import dev.gatehouse.protocol.identity.Signatures;
import dev.gatehouse.shared.custody.CustodyException.Reason;
import dev.gatehouse.shared.trust.CertificateAuthority;
import io.vertx.core.buffer.Buffer;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ExpiredRenewalTest {

    private static final Instant ISSUED = Instant.parse("2026-11-01T12:00:00Z");
    private static final Duration WEEK = Duration.ofDays(7);
    private static final Duration GRACE = Duration.ofDays(90);
    private static final Instant END_OF_GRACE = ISSUED.plus(WEEK).plus(GRACE);

    private final CertificateAuthority ca = CertificateAuthority.create("agents", ISSUED);
    private final UUID agent = UUID.randomUUID();
    private final AgentKey oldKey = AgentKey.generate();
    private final X509Certificate old = ca.issueAgent(agent, oldKey.publicKey(), ISSUED, WEEK);
    private final Buffer csr = Csr.make(AgentKey.generate(), "anything");

    @Test
    void isGoodUntilTheGraceIsOver() {
        ExpiredRenewal renewal = new ExpiredRenewal(der(old), csr, Signatures.renewal(oldKey, csr));
        for (Instant now : List.of(ISSUED, ISSUED.plus(WEEK), END_OF_GRACE)) {
            assertThat(check(renewal, now).agentId()).isEqualTo(agent);
        }
        assertThatThrownBy(() -> check(renewal, END_OF_GRACE.plusSeconds(1)))
                .hasMessageContaining("more than 90 days ago; enrol again")
                .satisfies(is(Reason.EXPIRED_CERTIFICATE));
    }

    @Test
    void refusesWhatTheOldKeyHasNotSigned() {
        Buffer other = Csr.make(AgentKey.generate(), "anything");
        refused(new ExpiredRenewal(der(old), csr, Signatures.renewal(oldKey, other)), "signature");
        refused(new ExpiredRenewal(der(old), csr, Signatures.renewal(AgentKey.generate(), csr)), "signature");
        refused(new ExpiredRenewal(der(old), csr, Signatures.link(oldKey, csr)), "signature");
        refused(new ExpiredRenewal(der(old), csr, Buffer.buffer("garbage")), "signature");
        refused(new ExpiredRenewal(der(old), csr, Buffer.buffer()), "signature of 0 bytes; 1 to 1024");
    }

    @Test
    void refusesCertificatesThatAreNotAnAgentsOfThisDeployment() {
        CertificateAuthority other = CertificateAuthority.create("agents", ISSUED);
        X509Certificate foreign = other.issueAgent(agent, oldKey.publicKey(), ISSUED, WEEK);
        X509Certificate node = ca.issueNode("node", oldKey.publicKey(), List.of("localhost"), ISSUED, WEEK);
        Buffer signature = Signatures.renewal(oldKey, csr);
        refused(new ExpiredRenewal(der(foreign), csr, signature), "not by the CA of agents");
        refused(new ExpiredRenewal(der(node), csr, signature), "not an agent's");
        refused(new ExpiredRenewal(Buffer.buffer("garbage"), csr, signature), "cannot be read");
        refused(new ExpiredRenewal(Buffer.buffer(new byte[20_000]), csr, signature), "20000 bytes; 1 to 16384");
    }

    private void refused(ExpiredRenewal renewal, String message) {
        assertThatThrownBy(() -> check(renewal, ISSUED.plus(30, ChronoUnit.DAYS)))
                .hasMessageContaining(message)
                .satisfies(is(Reason.BAD_REQUEST));
    }

    private ExpiredRenewal.Proved check(ExpiredRenewal renewal, Instant now) {
        return renewal.check(ca.certificate(), now, GRACE);
    }

    private static java.util.function.Consumer<Throwable> is(Reason reason) {
        return thrown -> assertThat(((CustodyException) thrown).reason()).isEqualTo(reason);
    }

    private static Buffer der(X509Certificate certificate) {
        return Buffer.buffer(Pem.der(certificate));
    }
}
