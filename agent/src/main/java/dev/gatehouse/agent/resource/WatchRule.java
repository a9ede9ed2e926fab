package dev.gatehouse.agent.resource;

import dev.gatehouse.protocol.label.Selector;
import dev.gatehouse.protocol.resource.AddressGlob;
import java.util.List;

/**
 * Which registered resources the agent serves: what the deployment may make it dial, at most.
 *
 * @param labels that a resource must have
 * @param allow addresses that it may be at
 */
public record WatchRule(Selector labels, List<AddressGlob> allow) {}
