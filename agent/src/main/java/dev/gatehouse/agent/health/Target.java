package dev.gatehouse.agent.health;

import dev.gatehouse.protocol.resource.ResourceAddress;

/** What is checked, where, and how. */
public record Target(String name, ResourceAddress address, HealthCheck check) {}
