package dev.gatehouse.agent.settings;

import java.util.Map;

/**
 * Something that the agent offers.
 *
 * @param kind {@code tcp}, {@code web}, {@code postgres}, {@code desktop}, {@code kubernetes}, …
 * @param uri where it is, seen from the agent
 * @param health how it is checked; empty: by connecting
 */
public record ResourceSettings(
        String name, String kind, String uri, Map<String, String> labels, String health, int weight) {}
