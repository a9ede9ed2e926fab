package dev.gatehouse.protocol.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.Test;

/** Pins, the agent's URI, signatures and PEM: all that is read out of certificates. */
class CertificateTest {

    private final TestCa ca = new TestCa("agents");
    private final AgentKey key = AgentKey.generate();
    private final UUID id = UUID.fromString("0192f0c1-0000-7000-8000-00000000beef");
    private final X509Certificate certificate = ca.agent(key, id);

    @Test
    void aPinKnowsItsCertificateOnly() {
        Pin pin = Pin.of(ca.certificate());
        assertThat(pin.toString()).matches("sha256:[0-9a-f]{64}");
        assertThat(pin.matches(ca.certificate())).isTrue();
        assertThat(pin.matches(certificate)).isFalse();
        assertThat(Pin.parse(" " + pin.toString().toUpperCase(Locale.ROOT) + "\n"))
                .isEqualTo(pin);
    }

    @Test
    void aWrongPinSaysWhatIsWrong() {
        assertThatThrownBy(() -> Pin.parse("md5:00"))
                .hasMessage("pin 'md5:00' does not start with 'sha256:'; sha256:<64 hex digits> is needed");
        assertThatThrownBy(() -> Pin.parse("sha256:abc"))
                .hasMessage("pin 'sha256:abc' has 3 characters after 'sha256:'; exactly 64 hex digits are needed");
        assertThatThrownBy(() -> Pin.parse("sha256:" + "g".repeat(64))).hasMessageContaining("64 hex digits");
    }

    @Test
    void theAgentIsReadFromItsUri() {
        assertThat(AgentUri.of(id)).isEqualTo("gatehouse:agent:0192f0c1-0000-7000-8000-00000000beef");
        assertThat(AgentUri.read(certificate)).contains(id);
    }

    @Test
    void noOrTwoOrOtherNamesAreNoAgent() {
        assertThat(AgentUri.read(ca.certificate())).isEmpty();
        assertThat(AgentUri.read(named(AgentUri.of(id), AgentUri.of(UUID.randomUUID()))))
                .isEmpty();
        assertThat(AgentUri.read(named("gatehouse:agent:1-2-3-4-5"))).isEmpty();
        assertThat(AgentUri.read(named("https://example.com"))).isEmpty();
        assertThat(AgentUri.read(named("https://example.com", AgentUri.of(id)))).contains(id);
    }

    @Test
    void aSignatureIsGoodForOnePurposeOneTextAndOneKey() {
        Buffer nonce = Buffer.buffer(new byte[Signatures.NONCE_BYTES]);
        Buffer signature = Signatures.link(key, nonce);
        assertThat(Signatures.linkMatches(certificate, nonce, signature)).isTrue();
        assertThat(Signatures.linkMatches(certificate, Buffer.buffer("other"), signature))
                .isFalse();
        assertThat(Signatures.renewalMatches(certificate, nonce, signature)).isFalse();
        assertThat(Signatures.linkMatches(ca.certificate(), nonce, signature)).isFalse();
        assertThat(Signatures.linkMatches(certificate, nonce, Buffer.buffer("garbage")))
                .isFalse();
        assertThat(Signatures.renewalMatches(certificate, nonce, Signatures.renewal(key, nonce)))
                .isTrue();
    }

    @Test
    void pemGoesBothWays() throws CertificateException {
        String text = "some words before\n" + Pem.text(List.of(certificate, ca.certificate()));
        assertThat(Pem.certificates(text)).containsExactly(certificate, ca.certificate());
        assertThat(Pem.certificates(text.replace("\n", "\r\n"))).hasSize(2);
        assertThat(Pem.certificate(Pem.der(certificate))).isEqualTo(certificate);
        assertThatThrownBy(() -> Pem.certificates("nothing"))
                .isInstanceOf(CertificateException.class)
                .hasMessage("no certificate in the PEM text; at least one CERTIFICATE block is needed");
        assertThatThrownBy(() -> Pem.certificates(Pem.write("CERTIFICATE", new byte[5])))
                .isInstanceOf(CertificateException.class);
        assertThatThrownBy(() -> Pem.certificates("x".repeat(Pem.MAX_CHARACTERS + 1)))
                .hasMessage("PEM of 262145 characters; at most 262144 are allowed");
    }

    private X509Certificate named(String... uris) {
        GeneralName[] names = new GeneralName[uris.length];
        for (int i = 0; i < uris.length; i++) {
            names[i] = new GeneralName(GeneralName.uniformResourceIdentifier, uris[i]);
        }
        return ca.issue(key, new X500Name("CN=x"), false, Duration.ofDays(1), names);
    }
}
