package dev.gatehouse.gateway.catalog;

import dev.gatehouse.protocol.message.Health;
import dev.gatehouse.protocol.message.Resource;
import java.util.List;
import java.util.UUID;

/**
 * One agent that offers a resource now.
 *
 * @param resource as the agent describes it, with its health
 * @param gateways to which the agent is linked, this one first if it is among them
 * @param healthyNanos since when it is known to be healthy here; of no meaning while it is not
 */
public record Replica(UUID agentId, String agentName, Resource resource, List<String> gateways, long healthyNanos) {

    public Health health() {
        return resource.getHealth().getHealth();
    }
}
