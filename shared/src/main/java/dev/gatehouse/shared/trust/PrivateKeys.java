package dev.gatehouse.shared.trust;

import dev.gatehouse.protocol.identity.Pem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** P-256 keys of CAs and nodes, and their files: PKCS#8 in PEM, mode 600. */
public final class PrivateKeys {

    /** How all keys of a deployment sign. */
    static final String SIGNATURE = "SHA256withECDSA";

    private static final String LABEL = "PRIVATE KEY";
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN " + LABEL + "-----([A-Za-z0-9+/=\\s]*+)-----END " + LABEL + "-----");
    private static final SecureRandom random = new SecureRandom();

    private PrivateKeys() {}

    public static KeyPair generate() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), random);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }

    /** Blocking. */
    public static void write(Path file, PrivateKey key) throws IOException {
        PrivateFile.write(file, text(key));
    }

    static String text(PrivateKey key) {
        return Pem.write(LABEL, key.getEncoded());
    }

    /** The first key of the file. Blocking. */
    public static PrivateKey read(Path file) throws IOException {
        Matcher block = BLOCK.matcher(Files.readString(file));
        if (!block.find()) {
            throw new IOException(file + " holds no '" + LABEL + "' block (PKCS#8 in PEM)");
        }
        try {
            byte[] encoded = Base64.getMimeDecoder().decode(block.group(1));
            return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (GeneralSecurityException | IllegalArgumentException broken) {
            throw new IOException(file + " holds a key that cannot be read: " + broken.getMessage(), broken);
        }
    }
}
