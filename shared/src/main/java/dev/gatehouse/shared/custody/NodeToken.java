package dev.gatehouse.shared.custody;

import dev.gatehouse.shared.trust.PrivateFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/**
 * The secret by which a process shows that it is a node of this deployment: 256 random bits, one for all nodes. Custody knows its SHA-256 only, from a file beside the CAs' keys; to replace the token is to remove that file and the token's, and to run {@code init} again.
 *
 * <p>Blocking.
 */
public final class NodeToken {

    /** Of a token's text; ours have 47. */
    public static final int MAX_LENGTH = 256;

    private static final String PREFIX = "ghn_"; // so that scanners for leaked secrets can know it
    private static final int SECRET_BYTES = 32;
    private static final String HASH_FILE = "node-token.sha256";
    private static final SecureRandom random = new SecureRandom();

    private NodeToken() {}

    /**
     * Makes the token and its hash, whichever is missing; whether the token was made. A token that is not the one of the hash is an error, as is a hash without its token.
     *
     * @param directory custody's
     */
    public static boolean make(Path directory, Path tokenFile) throws IOException {
        Path hashFile = directory.resolve(HASH_FILE);
        boolean known = Files.exists(hashFile);
        boolean made = !Files.exists(tokenFile);
        if (made && known) {
            throw new IOException(
                    tokenFile + " is missing, but " + hashFile
                            + " shows that there was a node token; bring it back, or remove the hash to make a new one for all nodes");
        }
        if (made) {
            byte[] secret = new byte[SECRET_BYTES];
            random.nextBytes(secret);
            PrivateFile.write(
                    tokenFile, PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(secret) + "\n");
        }
        if (!known) {
            PrivateFile.write(hashFile, HexFormat.of().formatHex(hash(read(tokenFile))) + "\n");
        } else if (!matches(directory, read(tokenFile))) {
            throw new IOException(tokenFile + " does not hold the token of " + hashFile
                    + "; a deployment has one, so remove the one that does not belong to it");
        }
        return made;
    }

    /** The token of a file. */
    public static String read(Path tokenFile) throws IOException {
        String token = Files.readString(tokenFile).strip();
        if (token.isEmpty() || token.length() > MAX_LENGTH) {
            throw new IOException(tokenFile + " holds " + token.length() + " characters; a node token of 1 to "
                    + MAX_LENGTH + " is needed");
        }
        return token;
    }

    /** Whether it is the token of the deployment; never, where none was made. Takes as long for a wrong one as for the right one. */
    static boolean matches(Path directory, String token) throws IOException {
        String hex;
        try {
            hex = Files.readString(directory.resolve(HASH_FILE)).strip();
        } catch (NoSuchFileException none) {
            return false;
        }
        try {
            return MessageDigest.isEqual(HexFormat.of().parseHex(hex), hash(token));
        } catch (IllegalArgumentException broken) {
            throw new IOException(directory.resolve(HASH_FILE) + " does not hold a SHA-256 in hex digits", broken);
        }
    }

    private static byte[] hash(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }
}
