package dev.gatehouse.gateway.agentlink;

import dev.gatehouse.protocol.link.Newest;
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

    Newest.Claim amongItsAgents() {
        return new Newest.Claim(run, runId, slot, counter);
    }
}
