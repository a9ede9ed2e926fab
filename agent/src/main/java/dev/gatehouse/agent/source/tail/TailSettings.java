package dev.gatehouse.agent.source.tail;

import java.util.List;

/**
 * Which log files to follow.
 *
 * @param paths absolute; {@code *}, {@code ?}, {@code [a-z]}, {@code {a,b}} within a name, {@code **} across folders
 * @param application of all events; empty: the file's name without its extension
 */
public record TailSettings(List<String> paths, String application) {}
