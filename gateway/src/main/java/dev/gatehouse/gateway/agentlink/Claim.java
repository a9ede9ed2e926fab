package dev.gatehouse.gateway.agentlink;

import java.util.UUID;

/**
 * What a link says about its place among the links of its agent.
 *
 * @param run +1 at each start of the agent
 * @param runId random at each start: tells a cloned disk
 * @param slot 0 or 1
 * @param counter +1 for each link of the run
 */
record Claim(UUID agentId, long run, UUID runId, int slot, long counter) {

    static final int SLOTS = 2;

    /** How this claim, made later, stands to one that holds. */
    enum Against {
        /** Another slot of the same run: both stay. */
        BESIDE,
        NEWER,
        /** Of a lower run. */
        STALE,
        /** The same run of another copy of the agent. */
        DUPLICATE,
        /** Same slot, not a higher counter. */
        OLDER
    }

    Against against(Claim other) {
        if (run != other.run) {
            return run > other.run ? Against.NEWER : Against.STALE;
        }
        if (!runId.equals(other.runId)) {
            return Against.DUPLICATE;
        }
        if (slot != other.slot) {
            return Against.BESIDE;
        }
        return counter > other.counter ? Against.NEWER : Against.OLDER;
    }
}
