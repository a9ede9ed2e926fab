package dev.gatehouse.gateway.enrol;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Slows down whoever tries tokens: each refused request of an address costs one of its {@link #BURST} tries, which grow back one by one. Good requests cost nothing, so that a fleet behind one address enrols unhindered.
 *
 * <p>Pure; times are {@link System#nanoTime()} values. Remembers {@link #MAX_ADDRESSES} addresses, those with the latest refusals. Confined to its verticle's context.
 */
final class GuessLimit {

    static final int BURST = 20;
    static final Duration REGROWTH = Duration.ofSeconds(3);
    static final int MAX_ADDRESSES = 10_000;

    /** Refusals that count, as of a time. */
    private record Refused(double count, long at) {

        double countAt(long now) {
            return Math.max(0, count - (double) (now - at) / REGROWTH.toNanos());
        }
    }

    private final Map<String, Refused> addresses = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Refused> eldest) {
            return size() > MAX_ADDRESSES;
        }
    };

    /** For how long the address has to wait; zero when it may try. */
    Duration waits(String address, long now) {
        Refused refused = addresses.get(address);
        double tooMany = refused == null ? 0 : refused.countAt(now) - BURST + 1;
        return tooMany <= 0 ? Duration.ZERO : Duration.ofNanos((long) Math.ceil(tooMany * REGROWTH.toNanos()));
    }

    void refused(String address, long now) {
        Refused before = addresses.remove(address); // put again at the end: the eldest goes first
        addresses.put(address, new Refused((before == null ? 0 : before.countAt(now)) + 1, now));
    }

    int size() {
        return addresses.size();
    }
}
