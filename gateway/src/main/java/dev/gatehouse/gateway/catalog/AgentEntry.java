package dev.gatehouse.gateway.catalog;

import dev.gatehouse.protocol.message.Resource;
import java.util.List;
import java.util.UUID;

/**
 * What one agent offers through one gateway.
 *
 * @param agentName what the agent calls itself
 * @param run of the agent, and counter of its link: of two gateways' entries those of the higher run count
 * @param resources with their health as the agent last said it
 */
public record AgentEntry(UUID agentId, String agentName, long run, long counter, List<Resource> resources) {

    public AgentEntry {
        resources = List.copyOf(resources);
    }

    /** Whether its link is newer than the other one's. */
    boolean isNewerThan(AgentEntry other) {
        return run != other.run ? run > other.run : counter > other.counter;
    }
}
