package dev.gatehouse.shared.trust;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Certificates and private keys as text: PEM with 64 characters a line, keys in PKCS#8. Pure, but for the two that read a file. */
public final class Pem {

    private static final String CERTIFICATE = "CERTIFICATE";
    private static final String PRIVATE_KEY = "PRIVATE KEY";
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,40})-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");

    private Pem() {}

    public static String write(X509Certificate certificate) {
        return block(CERTIFICATE, der(certificate));
    }

    /** One after the other, as a server's chain file wants them: its own first. */
    public static String write(List<X509Certificate> certificates) {
        StringBuilder text = new StringBuilder();
        certificates.forEach(certificate -> text.append(write(certificate)));
        return text.toString();
    }

    public static String write(PrivateKey key) {
        return block(PRIVATE_KEY, key.getEncoded());
    }

    /** All certificates of the text, in its order; other blocks are passed over. Empty if there is none. */
    public static List<X509Certificate> certificates(String text) throws CertificateException {
        List<X509Certificate> found = new ArrayList<>();
        for (byte[] der : blocks(text, CERTIFICATE)) {
            found.add(certificate(der));
        }
        return found;
    }

    /** The first private key of the text, in PKCS#8, elliptic or RSA. */
    public static PrivateKey privateKey(String text) throws GeneralSecurityException {
        List<byte[]> keys = blocks(text, PRIVATE_KEY);
        if (keys.isEmpty()) {
            throw new InvalidKeySpecException("no '" + PRIVATE_KEY + "' block (PKCS#8)");
        }
        PKCS8EncodedKeySpec encoded = new PKCS8EncodedKeySpec(keys.getFirst());
        try {
            return KeyFactory.getInstance("EC").generatePrivate(encoded);
        } catch (InvalidKeySpecException notElliptic) {
            return KeyFactory.getInstance("RSA").generatePrivate(encoded);
        }
    }

    /** The certificates of a file, at least one. Blocking. */
    public static List<X509Certificate> readCertificates(Path file) throws IOException {
        try {
            List<X509Certificate> found = certificates(Files.readString(file));
            if (found.isEmpty()) {
                throw new IOException(file + " holds no certificate in PEM");
            }
            return found;
        } catch (CertificateException broken) {
            throw new IOException(file + " holds a certificate that cannot be read: " + broken.getMessage(), broken);
        }
    }

    /** The private key of a file. Blocking. */
    public static PrivateKey readPrivateKey(Path file) throws IOException {
        try {
            return privateKey(Files.readString(file));
        } catch (GeneralSecurityException | IllegalArgumentException broken) {
            throw new IOException(file + " holds no private key that can be read: " + broken.getMessage(), broken);
        }
    }

    public static X509Certificate certificate(byte[] der) throws CertificateException {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        return (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der));
    }

    public static byte[] der(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateException neverForParsed) {
            throw new IllegalStateException(neverForParsed);
        }
    }

    /** What people compare and configure: {@code sha256:} and the lower-case hex of the SHA-256 of the certificate's DER. */
    public static String pin(X509Certificate certificate) {
        return "sha256:" + HexFormat.of().formatHex(sha256(der(certificate)));
    }

    static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }

    private static List<byte[]> blocks(String text, String type) {
        List<byte[]> found = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(text);
        while (matcher.find()) {
            if (matcher.group(1).equals(type)) {
                found.add(Base64.getMimeDecoder().decode(matcher.group(2)));
            }
        }
        return found;
    }

    private static String block(String type, byte[] der) {
        String body = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(der);
        return "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n";
    }
}
