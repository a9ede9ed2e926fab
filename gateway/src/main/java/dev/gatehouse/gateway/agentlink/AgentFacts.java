package dev.gatehouse.gateway.agentlink;

import dev.gatehouse.shared.presence.Presence;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** What a registered link knows of its agent, for presence: written on the link's context, read on others. */
final class AgentFacts {

    private final Claim claim;
    private final String version;
    private final Map<String, String> labels;
    private final String address;
    private volatile Presence.Spool spool;
    private volatile long seenNanos;
    private volatile UUID duplicate;

    AgentFacts(Greeting greeting, String address, long now) {
        this.claim = greeting.claim();
        this.version = greeting.version();
        this.labels = greeting.labels();
        this.address = address;
        this.spool = greeting.spool();
        this.seenNanos = now;
    }

    void seen(long now) {
        seenNanos = now;
    }

    void spool(Presence.Spool now) {
        spool = now;
    }

    /** Another copy of the agent was refused. */
    void duplicate(UUID runId) {
        duplicate = runId;
    }

    Presence at(long now) {
        return new Presence(
                claim.agentId(),
                Duration.ofNanos(Math.max(0, now - seenNanos)),
                version,
                claim.run(),
                claim.runId(),
                labels,
                spool,
                address,
                Optional.ofNullable(duplicate));
    }
}
