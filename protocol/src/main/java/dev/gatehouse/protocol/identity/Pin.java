package dev.gatehouse.protocol.identity;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The fingerprint by which an agent or a user recognises a deployment's CA: {@code sha256:} and 64 hex digits, the SHA-256 of the certificate's DER.
 *
 * @param hex lower case
 */
public record Pin(String hex) {

    private static final String PREFIX = "sha256:";
    private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

    public Pin {
        if (!HEX.matcher(hex).matches()) {
            throw new IllegalArgumentException("pin '" + hex + "' is not 64 lower-case hex digits");
        }
    }

    public static Pin of(X509Certificate certificate) {
        try {
            return new Pin(HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(Pem.der(certificate))));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Reads a pin as people type it: upper-case digits are fine, everything else is an error that says what is wrong. */
    public static Pin parse(String text) {
        String pin = text.strip().toLowerCase(Locale.ROOT);
        if (!pin.startsWith(PREFIX)) {
            throw new IllegalArgumentException(
                    "pin '" + text + "' does not start with '" + PREFIX + "'; sha256:<64 hex digits> is needed");
        }
        String hex = pin.substring(PREFIX.length());
        if (!HEX.matcher(hex).matches()) {
            throw new IllegalArgumentException("pin '" + text + "' has " + hex.length()
                    + " characters after 'sha256:'; exactly 64 hex digits are needed");
        }
        return new Pin(hex);
    }

    public boolean matches(X509Certificate certificate) {
        return equals(of(certificate));
    }

    @Override
    public String toString() {
        return PREFIX + hex;
    }
}
