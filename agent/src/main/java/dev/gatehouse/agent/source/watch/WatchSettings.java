package dev.gatehouse.agent.source.watch;

import java.util.List;

/**
 * Which folders' files to capture.
 *
 * @param paths absolute; with all folders below
 * @param ignore names, with {@code *} and {@code ?}, of files and folders that are left alone
 */
public record WatchSettings(List<String> paths, List<String> ignore) {

    /** Hidden ones, and what programs call files that they have not finished. */
    public static final List<String> IGNORED = List.of(".*", "*~", "*.part", "*.swp", "*.tmp", "*.crdownload");
}
