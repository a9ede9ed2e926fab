package dev.gatehouse.shared.presence;

import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What one agent offers, as its gateway last heard it. */
public record OfferedResources(UUID agentId, List<Offered> resources) {

    /**
     * @param health one of the words that the table allows
     *
     * @param detail why it is not healthy
     *
     * @param tunnels that were open to it
     *
     * @param registered whether it came from the deployment and not from the agent's file
     */
    public record Offered(
            String name,
            String kind,
            Map<String, String> labels,
            int weight,
            String health,
            String detail,
            int tunnels,
            boolean registered) {}
}
