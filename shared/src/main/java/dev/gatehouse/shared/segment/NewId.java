package dev.gatehouse.shared.segment;

import java.security.SecureRandom;
import java.util.UUID;

/** Ids in the order of their making (UUID version 7): milliseconds since the epoch, then random bits. Rows made together lie together. */
public final class NewId {

    private static final SecureRandom RANDOM = new SecureRandom();

    private NewId() {}

    public static UUID now() {
        long high = System.currentTimeMillis() << 16 | 0x7000 | RANDOM.nextInt(0x1000);
        long low = RANDOM.nextLong() >>> 2 | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }
}
