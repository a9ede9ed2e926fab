package dev.gatehouse.gateway.choice;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A session's own agent in a token that its client carries, so that any gateway knows it again, also after a restart. It is no permission: all it can do is prefer one replica of a resource to another, and only the one that a
 * gateway has chosen for it before.
 *
 * <p>{@code base64url(version u8 = 1 | agent 16 bytes | end u32, seconds since 1970 | HMAC-SHA256 over version, agent, end, resource)}. The key is derived from the CA of nodes and the same for all gateways. Thread-safe.
 */
public final class Affinity {

    /** What the key is derived for. */
    public static final String PURPOSE = "affinity";

    private static final int VERSION = 1;
    private static final int SIGNED = 1 + 16 + 4;
    private static final int MAC_BYTES = 32;
    private static final Duration LIFETIME = Duration.ofDays(1);

    private final SecretKeySpec key;

    public Affinity(Buffer key) {
        this.key = new SecretKeySpec(key.getBytes(), "HmacSHA256");
    }

    /** For the client of a session of this resource that has got this agent. */
    public String token(String resource, UUID agentId, Instant now) {
        Buffer signed = Buffer.buffer(SIGNED + MAC_BYTES)
                .appendUnsignedByte((short) VERSION)
                .appendLong(agentId.getMostSignificantBits())
                .appendLong(agentId.getLeastSignificantBits())
                .appendUnsignedInt(now.plus(LIFETIME).getEpochSecond());
        byte[] mac = mac(signed, resource);
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(signed.appendBytes(mac).getBytes());
    }

    /** The agent of a token; empty if it is not a token of ours, for another resource, or too old: then the session chooses anew. */
    public Optional<UUID> agent(String resource, String token, Instant now) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(token);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        if (bytes.length != SIGNED + MAC_BYTES || bytes[0] != VERSION) {
            return Optional.empty();
        }
        Buffer signed = Buffer.buffer(Arrays.copyOf(bytes, SIGNED));
        byte[] given = Arrays.copyOfRange(bytes, SIGNED, bytes.length);
        if (!MessageDigest.isEqual(mac(signed, resource), given)) {
            return Optional.empty();
        }
        long end = signed.getUnsignedInt(SIGNED - 4);
        return now.getEpochSecond() > end
                ? Optional.empty()
                : Optional.of(new UUID(signed.getLong(1), signed.getLong(9)));
    }

    private byte[] mac(Buffer signed, String resource) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            mac.update(signed.getBytes(0, SIGNED));
            return mac.doFinal(resource.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }
}
