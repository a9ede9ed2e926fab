package dev.gatehouse.protocol.identity;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Set;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.SECNamedCurves;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/**
 * An agent's P-256 key pair. The private key never leaves the agent's folder: it is kept as PKCS#8 PEM in a file that only its owner may read.
 *
 * <p>Immutable, thread-safe.
 */
public final class AgentKey {

    static final String SIGNATURE = "SHA256withECDSA";

    private static final String CURVE = "secp256r1";
    private static final AlgorithmIdentifier P256 =
            new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, SECObjectIdentifiers.secp256r1);

    private final KeyPair pair;

    private AgentKey(KeyPair pair) {
        this.pair = pair;
    }

    public static AgentKey generate() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(CURVE));
            return new AgentKey(generator.generateKeyPair());
        } catch (NoSuchAlgorithmException | InvalidAlgorithmParameterException e) {
            throw new IllegalStateException("every JDK has " + CURVE, e);
        }
    }

    /** Reads what {@link #save} wrote, or another tool's unencrypted PKCS#8 PEM of a P-256 key. */
    public static AgentKey load(Path file) throws IOException {
        return parse(Files.readString(file, StandardCharsets.US_ASCII), file.toString());
    }

    /** Reads PKCS#8 PEM; {@code from} names it in the error. */
    static AgentKey parse(String pem, String from) throws IOException {
        try {
            PrivateKeyInfo info = PrivateKeyInfo.getInstance(Pem.only("PRIVATE KEY", pem));
            if (!info.getPrivateKeyAlgorithm().equals(P256)) {
                throw new IOException("key in " + from + " is of another kind; P-256 (prime256v1) is needed");
            }
            KeyFactory factory = KeyFactory.getInstance("EC");
            ECPrivateKey key = (ECPrivateKey) factory.generatePrivate(new PKCS8EncodedKeySpec(info.getEncoded()));
            return new AgentKey(new KeyPair(publicKey(factory, key), key));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException("no private key in " + from + "; unencrypted PKCS#8 PEM is needed", e);
        }
    }

    /** PKCS#8 leaves the public key out or not as its writer likes: it is computed again, so that both always fit. */
    private static PublicKey publicKey(KeyFactory factory, ECPrivateKey key)
            throws GeneralSecurityException, IOException {
        X9ECParameters curve = SECNamedCurves.getByOID(SECObjectIdentifiers.secp256r1);
        byte[] point = curve.getG().multiply(key.getS()).getEncoded(false);
        return factory.generatePublic(new X509EncodedKeySpec(new SubjectPublicKeyInfo(P256, point).getEncoded()));
    }

    /** Writes the key with mode 600, durably, in place of an older file at once or not at all. */
    public void save(Path file) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        try (FileChannel channel = FileChannel.open(
                fresh,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            ByteBuffer bytes = ByteBuffer.wrap(pem().getBytes(StandardCharsets.US_ASCII));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel folder = FileChannel.open(file.toAbsolutePath().getParent())) {
            folder.force(true);
        }
    }

    /** The private key as PKCS#8 PEM, as Vert.x and other tools take it. A secret. */
    public String pem() {
        return Pem.write("PRIVATE KEY", pair.getPrivate().getEncoded());
    }

    public ECPublicKey publicKey() {
        return (ECPublicKey) pair.getPublic();
    }

    KeyPair pair() {
        return pair;
    }

    byte[] sign(byte[]... parts) {
        try {
            Signature signature = Signature.getInstance(SIGNATURE);
            signature.initSign(pair.getPrivate());
            for (byte[] part : parts) {
                signature.update(part);
            }
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a P-256 key signs everywhere", e);
        }
    }
}
