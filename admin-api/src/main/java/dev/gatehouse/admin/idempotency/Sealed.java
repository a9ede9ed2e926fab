package dev.gatehouse.admin.idempotency;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a caller's Idempotency-Key opens: the digest that finds its row, and AES-GCM by which its answer is stored. Answers may hold a join token, of which the database otherwise knows only a hash. Each key seals one answer, so
 * the nonce is fixed.
 */
record Sealed(String key) {

    private static final int TAG_BITS = 128;
    private static final byte[] NONCE = new byte[12];

    Buffer digest() {
        return Buffer.buffer(sha256("find " + key));
    }

    /** By which a repeat is known. It needs the key, too: a request may hold a password, which nobody shall guess by the table. */
    Buffer request(String request) {
        return Buffer.buffer(sha256("request " + key + " " + request));
    }

    Buffer seal(Buffer answer) {
        return Buffer.buffer(crypt(Cipher.ENCRYPT_MODE, answer.getBytes()));
    }

    Buffer open(Buffer sealed) {
        return Buffer.buffer(crypt(Cipher.DECRYPT_MODE, sealed.getBytes()));
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }

    private byte[] crypt(int mode, byte[] bytes) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(
                    mode,
                    new SecretKeySpec(Arrays.copyOf(sha256("seal " + key), 32), "AES"),
                    new GCMParameterSpec(TAG_BITS, NONCE));
            return cipher.doFinal(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("stored answer cannot be opened", e);
        }
    }
}
