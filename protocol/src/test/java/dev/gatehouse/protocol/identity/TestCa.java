package dev.gatehouse.protocol.identity;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.UUID;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A small CA for tests of this module. The product's own is in the trust package of the services. */
public final class TestCa {

    private final AgentKey key = AgentKey.generate();
    private final X500Name name;
    private final X509Certificate certificate;

    public TestCa(String name) {
        this.name = new X500Name("CN=" + name);
        this.certificate = issue(key, this.name, true, Duration.ofDays(1));
    }

    public X509Certificate certificate() {
        return certificate;
    }

    /** A certificate for the loopback addresses and {@code localhost}. */
    public X509Certificate server(AgentKey serverKey) {
        return issue(
                serverKey,
                new X500Name("CN=server"),
                false,
                Duration.ofDays(1),
                new GeneralName(GeneralName.dNSName, "localhost"),
                new GeneralName(GeneralName.iPAddress, "127.0.0.1"));
    }

    public X509Certificate agent(AgentKey agentKey, UUID id) {
        return agent(agentKey.publicKey(), id);
    }

    public X509Certificate agent(PublicKey agentKey, UUID id) {
        return issue(
                agentKey,
                new X500Name("CN=agent"),
                false,
                Duration.ofDays(1),
                new GeneralName(GeneralName.uniformResourceIdentifier, AgentUri.of(id)));
    }

    public X509Certificate issue(
            AgentKey subjectKey, X500Name subject, boolean ca, Duration validFor, GeneralName... names) {
        return issue(subjectKey.publicKey(), subject, ca, validFor, names);
    }

    private X509Certificate issue(
            PublicKey subjectKey, X500Name subject, boolean ca, Duration validFor, GeneralName... names) {
        Instant end = Instant.now().plus(validFor);
        Instant start = (validFor.isNegative() ? end : Instant.now()).minus(Duration.ofHours(1));
        try {
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    name,
                    new BigInteger(64, new SecureRandom()),
                    Date.from(start),
                    Date.from(end),
                    subject,
                    subjectKey);
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(ca));
            if (names.length > 0) {
                builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
            }
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA")
                            .build(key.pair().getPrivate())));
        } catch (CertIOException | OperatorCreationException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
