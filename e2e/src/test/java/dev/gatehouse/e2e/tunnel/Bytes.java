package dev.gatehouse.e2e.tunnel;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SplittableRandom;

/** Random bytes of which both ends of a connection know what they should be. */
final class Bytes {

    private static final int MOST_AT_ONCE = 40_000;

    private Bytes() {}

    /**
     * Writes so many bytes of the seed in pieces of random length.
     *
     * @return their SHA-256
     */
    static String write(OutputStream out, long seed, long count) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        MessageDigest digest = sha256();
        long left = count;
        while (left > 0) {
            byte[] piece = new byte[(int) Math.min(left, 1 + random.nextInt(MOST_AT_ONCE))];
            random.nextBytes(piece);
            out.write(piece);
            digest.update(piece);
            left -= piece.length;
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** The SHA-256 of all that comes. */
    static String read(InputStream in) throws IOException {
        MessageDigest digest = sha256();
        byte[] bytes = new byte[MOST_AT_ONCE];
        int count = in.read(bytes);
        while (count >= 0) {
            digest.update(bytes, 0, count);
            count = in.read(bytes);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    static String digest(long seed, long count) {
        try {
            return write(OutputStream.nullOutputStream(), seed, count);
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }
}
