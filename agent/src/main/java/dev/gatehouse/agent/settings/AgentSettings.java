package dev.gatehouse.agent.settings;

import dev.gatehouse.agent.resource.Offer;
import dev.gatehouse.agent.resource.WatchRule;
import dev.gatehouse.agent.source.tail.TailSettings;
import dev.gatehouse.agent.source.watch.WatchSettings;
import dev.gatehouse.agent.spool.SpoolLimits;
import java.util.List;
import java.util.Map;

/** What an agent's file says. All of it is optional. */
public record AgentSettings(
        Map<String, String> labels,
        List<TailSettings> tails,
        List<WatchSettings> watches,
        List<Offer> resources,
        List<WatchRule> watched,
        SpoolLimits spool) {

    public static final AgentSettings DEFAULT =
            new AgentSettings(Map.of(), List.of(), List.of(), List.of(), List.of(), SpoolLimits.DEFAULT);

    /** The same with other sources: for agents that are not started from a file. */
    public AgentSettings withSources(List<TailSettings> newTails, List<WatchSettings> newWatches) {
        return new AgentSettings(labels, newTails, newWatches, resources, watched, spool);
    }

    /** The same with these resources. */
    public AgentSettings withResources(List<Offer> newResources, List<WatchRule> newWatched) {
        return new AgentSettings(labels, tails, watches, newResources, newWatched, spool);
    }

    public AgentSettings withSpool(SpoolLimits limits) {
        return new AgentSettings(labels, tails, watches, resources, watched, limits);
    }
}
