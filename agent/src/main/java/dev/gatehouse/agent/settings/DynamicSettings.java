package dev.gatehouse.agent.settings;

import java.util.List;
import java.util.Map;

/**
 * Which registered resources the agent serves.
 *
 * @param labels that a resource must have
 * @param allow HOST:PORT globs that it may be at
 */
public record DynamicSettings(Map<String, String> labels, List<String> allow) {}
