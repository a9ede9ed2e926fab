package dev.gatehouse.agent.uplink;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Addresses of gateways that have asked not to be dialled for a while; both slots keep to it. Pure; confined to the links' context. */
final class LeftAlone {

    private final Map<String, Long> until = new HashMap<>();

    void leave(String address, long until, long now) {
        this.until.values().removeIf(over -> now - over >= 0);
        this.until.put(address, until);
    }

    /** For how long the address is not to be dialled; zero if it may be. */
    Duration left(String address, long now) {
        Long over = until.get(address);
        return over == null || now - over >= 0 ? Duration.ZERO : Duration.ofNanos(over - now);
    }
}
