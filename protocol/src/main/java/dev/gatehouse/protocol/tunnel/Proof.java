package dev.gatehouse.protocol.tunnel;

import com.google.protobuf.ByteString;
import dev.gatehouse.protocol.wire.Ids;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What RESUME proves: that it comes from the end that made the tunnel's secret. */
public final class Proof {

    public static final int SECRET_BYTES = 32;
    static final int BYTES = 32;

    private static final String ALGORITHM = "HmacSHA256";
    private static final byte[] CONTEXT = "gatehouse/1 resume".getBytes(StandardCharsets.US_ASCII);
    private static final SecureRandom RANDOM = new SecureRandom();

    private Proof() {}

    public static ByteString newSecret() {
        byte[] secret = new byte[SECRET_BYTES];
        RANDOM.nextBytes(secret);
        return ByteString.copyFrom(secret);
    }

    /** @param consumed as in the RESUME, so that neither number can be replaced */
    public static ByteString of(ByteString secret, UUID tunnel, int attachment, long consumed) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret.toByteArray(), ALGORITHM));
            mac.update(CONTEXT);
            mac.update(Ids.bytes(tunnel).toByteArray());
            mac.update(ByteBuffer.allocate(Integer.BYTES + Long.BYTES)
                    .putInt(attachment)
                    .putLong(consumed)
                    .flip());
            return ByteString.copyFrom(mac.doFinal());
        } catch (GeneralSecurityException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }

    /** Takes the same time for every proof. */
    public static boolean holds(ByteString proof, ByteString secret, UUID tunnel, int attachment, long consumed) {
        return MessageDigest.isEqual(
                proof.toByteArray(), of(secret, tunnel, attachment, consumed).toByteArray());
    }
}
