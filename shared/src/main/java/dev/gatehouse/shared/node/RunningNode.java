package dev.gatehouse.shared.node;

import java.util.List;

/**
 * A process that does its work.
 *
 * @param statusPort the bound port of its status endpoint
 */
public record RunningNode(Node node, OrderedShutdown shutdown, int statusPort) {

    /** Takes all steps of the shutdown and waits for them; answers the names of those that failed or took too long. */
    public List<String> stop() {
        return shutdown.run();
    }
}
