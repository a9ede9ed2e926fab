package dev.gatehouse.shared.presence;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What one gateway knows of one of its agents.
 *
 * @param seenAgo how long ago the agent was last heard; an age, so that only the database's clock is used
 * @param address where its link comes from, without the port
 *
 * @param duplicate the run id of another copy of this agent that was refused
 */
public record Presence(
        UUID agentId,
        Duration seenAgo,
        String version,
        long run,
        UUID runId,
        Map<String, String> labels,
        Spool spool,
        String address,
        Optional<UUID> duplicate) {

    /** An agent counts as online while its last sign of life is younger than this. */
    public static final Duration ONLINE = Duration.ofSeconds(15);

    /** What waits in the agent's spool, and what its sources were refused since its start. */
    public record Spool(long bytes, long chunks, long refusedBytes) {

        public static final Spool EMPTY = new Spool(0, 0, 0);
    }
}
