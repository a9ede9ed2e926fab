package dev.gatehouse.agent.resource;

import dev.gatehouse.agent.health.HealthCheck;
import dev.gatehouse.agent.health.Target;
import dev.gatehouse.protocol.resource.ResourceAddress;
import dev.gatehouse.protocol.resource.ResourceKind;
import java.util.Map;

/**
 * A resource that the agent offers.
 *
 * @param address where it is, seen from the agent
 * @param weight its share among those of one name; 0: only for those who name this agent
 *
 * @param registered whether it comes from the deployment and not from the agent's file
 */
public record Offer(
        String name,
        ResourceKind kind,
        ResourceAddress address,
        Map<String, String> labels,
        HealthCheck check,
        int weight,
        boolean registered) {

    Target target() {
        return new Target(name, address, check);
    }
}
