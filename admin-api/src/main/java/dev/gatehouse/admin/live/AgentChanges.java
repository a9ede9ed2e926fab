package dev.gatehouse.admin.live;

import dev.gatehouse.shared.record.AgentRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What has changed between two looks at the agents that are online. Pure; confined to one thread. */
final class AgentChanges {

    /**
     * @param shown agents that have come, or look different
     *
     * @param gone agents that are no longer online
     */
    record Changes(List<AgentRecord> shown, List<UUID> gone) {}

    private Map<UUID, AgentRecord> known = new HashMap<>();

    /** Agents online at this look; when an agent was last heard of is no change. */
    Changes next(List<AgentRecord> online) {
        Map<UUID, AgentRecord> now = new HashMap<>();
        List<AgentRecord> shown = new ArrayList<>();
        for (AgentRecord agent : online) {
            now.put(agent.id(), agent);
            AgentRecord before = known.remove(agent.id());
            if (before == null || !look(before).equals(look(agent))) {
                shown.add(agent);
            }
        }
        List<UUID> gone = List.copyOf(known.keySet());
        known = now;
        return new Changes(shown, gone);
    }

    private static Object look(AgentRecord agent) {
        return List.of(
                agent.name(), agent.labels(), agent.version(), agent.gateways(), agent.spool(), agent.duplicate());
    }
}
