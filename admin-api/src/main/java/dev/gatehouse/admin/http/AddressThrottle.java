package dev.gatehouse.admin.http;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How often one address may try what costs much or can be guessed, such as a sign-in: a bucket each, which refills with time. It only keeps one address from taking all the time; wrong passwords of one person are counted elsewhere, for all processes.
 *
 * <p>Behind a balancer that hides addresses everybody shares a bucket, so it is not small. Confined to one thread.
 */
public final class AddressThrottle {

    public static final int BURST = 60;
    public static final Duration REFILL = Duration.ofSeconds(1);

    private static final int MAX_ADDRESSES = 10_000;

    private record Bucket(double tokens, long atNanos) {}

    private final LongSupplier nanos;
    private final Map<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > MAX_ADDRESSES;
        }
    };

    public AddressThrottle(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Whether the address may try now; counts the try if so. */
    public boolean take(String address) {
        long now = nanos.getAsLong();
        Bucket bucket = buckets.getOrDefault(address, new Bucket(BURST, now));
        double tokens = Math.min(BURST, bucket.tokens + (double) (now - bucket.atNanos) / REFILL.toNanos());
        boolean allowed = tokens >= 1;
        buckets.put(address, new Bucket(allowed ? tokens - 1 : tokens, now));
        return allowed;
    }
}
