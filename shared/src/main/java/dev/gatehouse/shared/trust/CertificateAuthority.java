package dev.gatehouse.shared.trust;

import dev.gatehouse.protocol.identity.AgentUri;
import dev.gatehouse.protocol.identity.Pem;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * One CA: its certificate and the private key that signs with it. Keys are P-256, signatures SHA256withECDSA, serials random; the subject and the alternative names are those that the caller says.
 *
 * <p>Thread-safe. Signing is CPU-bound, well under a millisecond.
 */
public final class CertificateAuthority {

    /** How long a new CA is valid. */
    public static final Duration CA_VALIDITY = Duration.ofDays(3653);

    /** How much earlier than now a certificate begins: the other side's clock may be behind. */
    static final Duration CLOCK_SKEW = Duration.ofMinutes(5);

    private static final int SERIAL_BITS = 128;
    private static final Pattern ADDRESS = Pattern.compile("[0-9]+(\\.[0-9]+){3}|[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*");
    private static final SecureRandom random = new SecureRandom();

    private final X509Certificate certificate;
    private final PrivateKey key;

    private CertificateAuthority(X509Certificate certificate, PrivateKey key) {
        this.certificate = certificate;
        this.key = key;
    }

    /** A new one, called {@code Gatehouse PURPOSE CA ID}, whose id tells it from those of other deployments. */
    public static CertificateAuthority create(String purpose, Instant now) {
        KeyPair pair = PrivateKeys.generate();
        byte[] id = new byte[4];
        random.nextBytes(id);
        X500Name name =
                commonName("Gatehouse " + purpose + " CA " + HexFormat.of().formatHex(id));
        try {
            JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
            X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                            name,
                            newSerial(),
                            Date.from(now.minus(CLOCK_SKEW)),
                            Date.from(now.plus(CA_VALIDITY)),
                            name,
                            pair.getPublic())
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
                    .addExtension(
                            Extension.subjectKeyIdentifier,
                            false,
                            extensions.createSubjectKeyIdentifier(pair.getPublic()));
            return new CertificateAuthority(sign(builder, pair.getPrivate()), pair.getPrivate());
        } catch (GeneralSecurityException | OperatorCreationException | CertIOException impossible) {
            throw new IllegalStateException("no CA made", impossible);
        }
    }

    /** Reads both files and makes sure that they belong together. Blocking. */
    public static CertificateAuthority load(Path certificateFile, Path keyFile) throws IOException {
        X509Certificate certificate = read(certificateFile);
        PrivateKey key = PrivateKeys.read(keyFile);
        if (certificate.getBasicConstraints() < 0) {
            throw new IOException(certificateFile + " is not the certificate of a CA");
        }
        if (!belongTogether(certificate.getPublicKey(), key)) {
            throw new IOException(keyFile + " is not the key of the certificate in " + certificateFile);
        }
        return new CertificateAuthority(certificate, key);
    }

    /** Writes the key first: a certificate without its key would look like a CA that has lost it. Blocking. */
    public void save(Path certificateFile, Path keyFile) throws IOException {
        PrivateKeys.write(keyFile, key);
        PrivateFile.writePublic(certificateFile, Pem.text(certificate));
    }

    /** The first certificate of a file in PEM. Blocking. */
    public static X509Certificate read(Path file) throws IOException {
        try {
            return Pem.certificates(Files.readString(file)).getFirst();
        } catch (CertificateException broken) {
            throw new IOException(file + " holds no certificate that can be read: " + broken.getMessage(), broken);
        }
    }

    public X509Certificate certificate() {
        return certificate;
    }

    /** A certificate by which an agent is known: a client's only, with the agent's id and nothing else in it. */
    public X509Certificate issueAgent(UUID agentId, PublicKey agentKey, Instant now, Duration validity) {
        List<GeneralName> names = List.of(new GeneralName(GeneralName.uniformResourceIdentifier, AgentUri.of(agentId)));
        return issue(
                agentId.toString(), agentKey, names, new KeyPurposeId[] {KeyPurposeId.id_kp_clientAuth}, now, validity);
    }

    /**
     * A certificate for a node's endpoints, which nodes also show to each other as clients. It names the node ({@link NodeUri}) and where it is reached.
     *
     * @param node matches {@link NodeUri#NAME}
     *
     * @param names host names, also with a wildcard in front, and addresses
     */
    public X509Certificate issueNode(
            String node, PublicKey nodeKey, Collection<String> names, Instant now, Duration validity) {
        List<GeneralName> alternatives = new ArrayList<>();
        alternatives.add(new GeneralName(GeneralName.uniformResourceIdentifier, NodeUri.of(node)));
        for (String name : names) {
            int type = isAddress(name) ? GeneralName.iPAddress : GeneralName.dNSName;
            alternatives.add(new GeneralName(type, name));
        }
        KeyPurposeId[] purposes = {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth};
        return issue(node, nodeKey, alternatives, purposes, now, validity);
    }

    private X509Certificate issue(
            String commonName,
            PublicKey subjectKey,
            List<GeneralName> names,
            KeyPurposeId[] purposes,
            Instant now,
            Duration validity) {
        Instant end = now.plus(validity);
        Instant caEnd = certificate.getNotAfter().toInstant();
        try {
            JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
            X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                            X500Name.getInstance(
                                    certificate.getSubjectX500Principal().getEncoded()),
                            newSerial(),
                            Date.from(now.minus(CLOCK_SKEW)),
                            Date.from(end.isBefore(caEnd) ? end : caEnd),
                            commonName(commonName),
                            subjectKey)
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                    .addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes))
                    .addExtension(
                            Extension.subjectAlternativeName,
                            false,
                            new GeneralNames(names.toArray(GeneralName[]::new)))
                    .addExtension(
                            Extension.authorityKeyIdentifier,
                            false,
                            extensions.createAuthorityKeyIdentifier(certificate.getPublicKey()))
                    .addExtension(
                            Extension.subjectKeyIdentifier, false, extensions.createSubjectKeyIdentifier(subjectKey));
            return sign(builder, key);
        } catch (GeneralSecurityException | OperatorCreationException | CertIOException impossible) {
            throw new IllegalStateException("no certificate made for " + commonName, impossible);
        }
    }

    /** Its signature over bytes that are no certificate; the caller has put their purpose before them. */
    public byte[] sign(byte[] bytes) {
        try {
            Signature signer = Signature.getInstance(PrivateKeys.SIGNATURE);
            signer.initSign(key);
            signer.update(bytes);
            return signer.sign();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("nothing signed", impossible);
        }
    }

    /** 32 secret bytes for a purpose, the same whenever and wherever this CA's key is: what several processes must share and a restart must not change. They say nothing of the key or of other purposes. */
    public byte[] derive(String purpose) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(((ECPrivateKey) key).getS().toByteArray(), "HmacSHA256"));
            return mac.doFinal(("gatehouse/1 derived " + purpose).getBytes(StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("nothing derived", impossible);
        }
    }

    /** Whether a name is written as an address, version 4 or 6. */
    static boolean isAddress(String name) {
        return ADDRESS.matcher(name).matches();
    }

    /** Whether this CA has signed the certificate. Says nothing of its time or revocation. */
    public boolean issued(X509Certificate other) {
        return issued(certificate, other);
    }

    public static boolean issued(X509Certificate ca, X509Certificate other) {
        try {
            other.verify(ca.getPublicKey());
            return other.getIssuerX500Principal().equals(ca.getSubjectX500Principal());
        } catch (GeneralSecurityException notByIt) {
            return false;
        }
    }

    private static boolean belongTogether(PublicKey publicKey, PrivateKey privateKey) {
        try {
            byte[] probe = new byte[32];
            random.nextBytes(probe);
            Signature signer = Signature.getInstance(PrivateKeys.SIGNATURE);
            signer.initSign(privateKey);
            signer.update(probe);
            Signature verifier = Signature.getInstance(PrivateKeys.SIGNATURE);
            verifier.initVerify(publicKey);
            verifier.update(probe);
            return verifier.verify(signer.sign());
        } catch (GeneralSecurityException differentKinds) {
            return false;
        }
    }

    private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key)
            throws OperatorCreationException, CertificateException {
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder(PrivateKeys.SIGNATURE).build(key)));
    }

    private static X500Name commonName(String name) {
        return new X500NameBuilder().addRDN(BCStyle.CN, name).build();
    }

    private static BigInteger newSerial() {
        BigInteger serial = new BigInteger(SERIAL_BITS, random);
        return serial.signum() > 0 ? serial : newSerial();
    }
}
