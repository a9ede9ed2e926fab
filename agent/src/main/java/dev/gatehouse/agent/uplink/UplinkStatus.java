package dev.gatehouse.agent.uplink;

import java.util.List;
import java.util.Optional;

/**
 * What of the links there is to show.
 *
 * @param lastAckMillis milliseconds since the epoch
 * @param problem what a person should look at; empty if nothing
 */
public record UplinkStatus(List<LinkStatus> links, Optional<Long> lastAckMillis, String problem) {

    /**
     * @param state {@code waiting}, {@code dialing}, {@code up} or {@code leaving}
     *
     * @param active whether what is captured goes over it
     *
     * @param roundTripMicros 0 if not known
     */
    public record LinkStatus(
            int slot,
            String state,
            boolean active,
            String gateway,
            String address,
            long upSinceMillis,
            long roundTripMicros,
            String detail) {}
}
