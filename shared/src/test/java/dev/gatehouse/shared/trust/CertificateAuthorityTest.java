package dev.gatehouse.shared.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.protocol.identity.AgentUri;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateAuthorityTest {

    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final String CLIENT = "1.3.6.1.5.5.7.3.2";
    private static final String SERVER = "1.3.6.1.5.5.7.3.1";

    private final CertificateAuthority ca = CertificateAuthority.create("agents", NOW);
    private final KeyPair pair = PrivateKeys.generate();

    @Test
    void isACaForTenYears() {
        X509Certificate certificate = ca.certificate();
        assertThat(certificate.getSubjectX500Principal().getName()).matches("CN=Gatehouse agents CA [0-9a-f]{8}");
        assertThat(certificate.getBasicConstraints()).as("no CA below it").isZero();
        assertThat(certificate.getNotAfter().toInstant()).isEqualTo(NOW.plus(CertificateAuthority.CA_VALIDITY));
        assertThat(ca.issued(certificate)).as("signed by itself").isTrue();
    }

    @Test
    void anAgentsCertificateSaysWhoItIsAndNothingElse() throws Exception {
        UUID agent = UUID.randomUUID();
        X509Certificate certificate = ca.issueAgent(agent, pair.getPublic(), NOW, Duration.ofDays(7));
        assertThat(AgentUri.read(certificate)).hasValue(agent);
        assertThat(certificate.getSubjectAlternativeNames()).hasSize(1);
        assertThat(certificate.getExtendedKeyUsage()).containsExactly(CLIENT);
        assertThat(certificate.getBasicConstraints()).as("not a CA").isEqualTo(-1);
        assertThat(certificate.getNotBefore().toInstant()).isEqualTo(NOW.minus(Duration.ofMinutes(5)));
        assertThat(certificate.getNotAfter().toInstant()).isEqualTo(NOW.plus(Duration.ofDays(7)));
        assertThat(certificate.getSerialNumber().bitLength()).isBetween(64, 128);
        validate(certificate, ca);
    }

    @Test
    void aNodesCertificateHasItsNamesAndAddresses() throws Exception {
        X509Certificate certificate = ca.issueNode(
                "node-1",
                pair.getPublic(),
                List.of("localhost", "*.apps.localhost", "127.0.0.1", "::1"),
                NOW,
                Duration.ofDays(30));
        assertThat(certificate.getSubjectAlternativeNames().stream()
                        .map(name -> name.get(0) + " " + name.get(1))
                        .toList())
                .containsExactly(
                        "6 gatehouse:node:node-1",
                        "2 localhost",
                        "2 *.apps.localhost",
                        "7 127.0.0.1",
                        "7 0:0:0:0:0:0:0:1");
        assertThat(certificate.getExtendedKeyUsage()).containsExactly(SERVER, CLIENT);
        validate(certificate, ca);
    }

    @Test
    void noCertificateOutlivesItsCa() {
        Instant late = ca.certificate().getNotAfter().toInstant().minus(Duration.ofDays(1));
        X509Certificate certificate = ca.issueAgent(UUID.randomUUID(), pair.getPublic(), late, Duration.ofDays(7));
        assertThat(certificate.getNotAfter()).isEqualTo(ca.certificate().getNotAfter());
    }

    @Test
    void knowsItsOwn() {
        CertificateAuthority other = CertificateAuthority.create("agents", NOW);
        X509Certificate certificate = other.issueAgent(UUID.randomUUID(), pair.getPublic(), NOW, Duration.ofDays(7));
        assertThat(other.issued(certificate)).isTrue();
        assertThat(ca.issued(certificate)).isFalse();
    }

    @Test
    void isReadAgainFromFilesThatOnlyItsOwnerCanRead(@TempDir Path folder) throws IOException {
        ca.save(folder.resolve("ca.pem"), folder.resolve("ca.key"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("ca.key"))))
                .isEqualTo("rw-------");
        CertificateAuthority again = CertificateAuthority.load(folder.resolve("ca.pem"), folder.resolve("ca.key"));
        assertThat(again.certificate()).isEqualTo(ca.certificate());
        try (var files = Files.list(folder)) {
            assertThat(files).as("no half-written file is left").hasSize(2);
        }
    }

    @Test
    void refusesFilesThatDoNotBelongTogether(@TempDir Path folder) throws IOException {
        Path certificateFile = folder.resolve("ca.pem");
        Path keyFile = folder.resolve("ca.key");
        ca.save(certificateFile, keyFile);
        PrivateKeys.write(keyFile, pair.getPrivate());
        assertThatThrownBy(() -> CertificateAuthority.load(certificateFile, keyFile))
                .hasMessage(keyFile + " is not the key of the certificate in " + certificateFile);
        Files.writeString(keyFile, "garbage");
        assertThatThrownBy(() -> CertificateAuthority.load(certificateFile, keyFile))
                .hasMessage(keyFile + " holds no 'PRIVATE KEY' block (PKCS#8 in PEM)");
    }

    private static void validate(X509Certificate certificate, CertificateAuthority ca) throws Exception {
        PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(ca.certificate(), null)));
        parameters.setRevocationEnabled(false);
        parameters.setDate(Date.from(NOW));
        CertPathValidator.getInstance("PKIX")
                .validate(CertificateFactory.getInstance("X.509").generateCertPath(List.of(certificate)), parameters);
    }
}
