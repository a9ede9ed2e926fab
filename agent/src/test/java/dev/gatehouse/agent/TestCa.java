package dev.gatehouse.agent;

import dev.gatehouse.protocol.identity.Pem;
import io.vertx.core.buffer.Buffer;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
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

/** A CA of a test's deployment. */
public final class TestCa {

    private final KeyPair pair = pair();
    private final X500Name name;
    private final X509Certificate certificate;

    public TestCa(String name) {
        this.name = new X500Name("CN=" + name);
        this.certificate = issue(
                pair.getPublic(),
                true,
                Instant.now().minusSeconds(3600),
                Instant.now().plusSeconds(86_400));
    }

    public X509Certificate certificate() {
        return certificate;
    }

    /** By the CA's own key, SHA256withECDSA. */
    public Buffer sign(Buffer bytes) {
        try {
            Signature signer = Signature.getInstance("SHA256withECDSA");
            signer.initSign(pair.getPrivate());
            signer.update(bytes.getBytes());
            return Buffer.buffer(signer.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Certificate and key of a server on this host. */
    record Server(Buffer chain, Buffer key) {}

    Server server() {
        return server(Instant.now().minusSeconds(3600), Instant.now().plusSeconds(86_400));
    }

    Server server(Instant from, Instant to) {
        KeyPair own = pair();
        X509Certificate issued = issue(
                own.getPublic(),
                false,
                from,
                to,
                new GeneralName(GeneralName.dNSName, "localhost"),
                new GeneralName(GeneralName.iPAddress, "127.0.0.1"));
        return new Server(
                Buffer.buffer(Pem.text(issued)),
                Buffer.buffer(Pem.write("PRIVATE KEY", own.getPrivate().getEncoded())));
    }

    X509Certificate agent(PublicKey key, UUID id, Duration age, Duration left) {
        return issue(
                key,
                false,
                Instant.now().minus(age),
                Instant.now().plus(left),
                new GeneralName(GeneralName.uniformResourceIdentifier, "gatehouse:agent:" + id));
    }

    private X509Certificate issue(PublicKey key, boolean ca, Instant from, Instant to, GeneralName... names) {
        try {
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    name,
                    new BigInteger(64, new SecureRandom()),
                    Date.from(from),
                    Date.from(to),
                    ca ? name : new X500Name("CN=other"),
                    key);
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(ca));
            if (names.length > 0) {
                builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
            }
            return new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())));
        } catch (CertIOException | OperatorCreationException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyPair pair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
