package dev.gatehouse.gateway.catalog;

import java.util.Optional;
import java.util.UUID;

/**
 * The newest that is known of one agent in one gateway's list.
 *
 * @param version of the list, when this was so
 * @param entry empty: the agent is no longer there
 */
record Versioned(UUID agentId, long version, Optional<AgentEntry> entry) {

    /** Its share of a list's hash; a list's hash is the sum over the agents that are there. */
    long hash() {
        return mix(mix(agentId.getMostSignificantBits() ^ Long.rotateLeft(agentId.getLeastSignificantBits(), 17))
                + version);
    }

    /** SplitMix64's last step. */
    private static long mix(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }
}
