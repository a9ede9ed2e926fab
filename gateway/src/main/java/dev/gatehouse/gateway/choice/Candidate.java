package dev.gatehouse.gateway.choice;

import java.util.UUID;

/**
 * One way to a resource: an agent through one of its gateways.
 *
 * @param why it has its place, for people
 */
public record Candidate(UUID agentId, String agentName, String gatewayId, String why) {}
