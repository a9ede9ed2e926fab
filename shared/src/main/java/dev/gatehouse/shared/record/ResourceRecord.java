package dev.gatehouse.shared.record;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * A resource, whoever offers it.
 *
 * @param kind and labels of the first replica, or as registered
 *
 * @param registered how it was registered, if it was
 *
 * @param replicas in the order of the agents' names; those of agents that are away, too
 */
public record ResourceRecord(
        String name,
        String kind,
        Map<String, String> labels,
        Optional<Registration> registered,
        List<Replica> replicas) {

    /** @param uri where it is, seen from agents */
    public record Registration(String kind, String uri, Map<String, String> labels, int weight, String createdBy) {}

    /** One agent that offers it. */
    public record Replica(
            UUID agentId,
            String agentName,
            Health health,
            String detail,
            int load,
            int weight,
            Map<String, String> labels,
            List<String> gateways) {}

    public enum Health {
        HEALTHY,
        UNHEALTHY,
        UNKNOWN,
        /** Its agent has no link. */
        OFFLINE
    }
}
