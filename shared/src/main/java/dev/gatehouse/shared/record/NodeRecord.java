package dev.gatehouse.shared.record;

import java.time.Instant;
import java.util.Optional;

/**
 * A process of the cluster, as it last said itself.
 *
 * @param state its own word, or {@code gone} when it has not been heard of for {@link NodeRecords#GONE_AFTER}
 * @param certificateUntil when the certificate that it shows on the bus ends; empty if it does not say
 *
 * @param master whether it holds the master's lease now
 */
public record NodeRecord(
        String id,
        String name,
        String role,
        String state,
        boolean master,
        String version,
        String address,
        Instant startedAt,
        Instant seenAt,
        Optional<Instant> certificateUntil) {}
