package dev.gatehouse.gateway.catalog;

import dev.gatehouse.protocol.message.Health;
import dev.gatehouse.protocol.message.Resource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToIntFunction;

/**
 * All resources that can be reached now, by name: this gateway's own list and those that it follows, put together. An agent with links to two gateways is one replica with two ways.
 *
 * <p>Pure: it is told messages and times. Changed by one thread; {@link #replicas} and {@link #names} may be asked by any.
 */
public final class Catalog {

    private static final int MAX_DEPARTED = 256;

    private final String self;
    private final OwnList own;
    private final Map<String, FollowedList> followed = new HashMap<>();
    private final Set<String> departed = new LinkedHashSet<>(); // what they said may still be under way
    private final Map<UUID, Map<String, Resource>> shown = new HashMap<>();
    private final Map<String, Map<UUID, Replica>> index = new ConcurrentHashMap<>();

    Catalog(String self, ToIntFunction<AgentEntry> size) {
        this.self = self;
        this.own = new OwnList(self, size);
    }

    // What is known ---------------------------------------------------------------------------------------------------

    /** Who offers the resource now, in the order of the agents' ids; empty if nobody does. */
    public List<Replica> replicas(String name) {
        List<Replica> replicas =
                new ArrayList<>(index.getOrDefault(name, Map.of()).values());
        replicas.sort(Comparator.comparing(Replica::agentId));
        return replicas;
    }

    /** The names of all resources that somebody offers now. */
    public Collection<String> names() {
        return new TreeSet<>(index.keySet());
    }

    // This gateway's own list -----------------------------------------------------------------------------------------

    boolean offered(AgentEntry entry, long nowNanos) {
        boolean changed = own.offered(entry);
        if (changed) {
            show(entry.agentId(), nowNanos);
        }
        return changed;
    }

    boolean gone(UUID agentId, long run, long counter, long nowNanos) {
        boolean changed = own.gone(agentId, run, counter);
        if (changed) {
            show(agentId, nowNanos);
        }
        return changed;
    }

    OwnList own() {
        return own;
    }

    // Those of others -------------------------------------------------------------------------------------------------

    /** @return whether the owner must be asked for its whole list */
    boolean heard(CatalogMessage message, long nowNanos) {
        if (message.owner().equals(self) || departed.contains(message.owner())) {
            return false;
        }
        FollowedList list = followed.computeIfAbsent(message.owner(), owner -> new FollowedList(nowNanos));
        FollowedList.Outcome outcome = switch (message) {
            case CatalogMessage.Delta delta -> list.heard(delta, nowNanos);
            case CatalogMessage.Digest digest -> list.heard(digest, nowNanos);
            case CatalogMessage.Page page -> list.heard(page, nowNanos);
            case CatalogMessage.Ask ask -> new FollowedList.Outcome(Set.of(), false);
        };
        outcome.changed().forEach(agentId -> show(agentId, nowNanos));
        return outcome.incomplete();
    }

    void copied(String owner, List<Versioned> copies, long nowNanos) {
        followed.computeIfAbsent(owner, first -> new FollowedList(nowNanos))
                .copied(copies, nowNanos)
                .changed()
                .forEach(agentId -> show(agentId, nowNanos));
    }

    /** These gateways live now: the links of others are gone with them. */
    void members(Set<String> live, long nowNanos) {
        departed.removeAll(live);
        live.stream()
                .filter(owner -> !owner.equals(self))
                .forEach(owner -> followed.computeIfAbsent(owner, first -> new FollowedList(nowNanos)));
        for (String owner : Set.copyOf(followed.keySet())) {
            if (!live.contains(owner)) {
                departed.add(owner);
                drop(owner, nowNanos);
            }
        }
        while (departed.size() > MAX_DEPARTED) {
            departed.remove(departed.iterator().next());
        }
    }

    private void drop(String owner, long nowNanos) {
        FollowedList list = followed.remove(owner);
        if (list != null) {
            list.agents().forEach(agentId -> show(agentId, nowNanos));
        }
    }

    /** Forgets the lists of owners that have said nothing for too long. */
    void tick(long nowNanos) {
        List<String> silent = followed.entrySet().stream()
                .filter(list -> list.getValue().isSilent(nowNanos))
                .map(Map.Entry::getKey)
                .toList();
        silent.forEach(owner -> drop(owner, nowNanos));
        followed.values().forEach(list -> list.forget(nowNanos));
    }

    /** Who of them has said nothing for longer. */
    List<String> silentFor(Duration longer, long nowNanos) {
        return followed.entrySet().stream()
                .filter(list -> list.getValue().silence(nowNanos).compareTo(longer) > 0)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** The gateways through which an agent is linked, by the id of the gateway. */
    List<String> gateways(UUID agentId) {
        return newest(agentId).keySet().stream().sorted().toList();
    }

    // The index -------------------------------------------------------------------------------------------------------

    /** An agent's entries, by their owners; those of an earlier run are not among them. */
    private Map<String, AgentEntry> newest(UUID agentId) {
        Map<String, AgentEntry> entries = new HashMap<>(4);
        own.entry(agentId).ifPresent(entry -> entries.put(self, entry));
        followed.forEach((owner, list) -> list.entry(agentId).ifPresent(entry -> entries.put(owner, entry)));
        long run = entries.values().stream().mapToLong(AgentEntry::run).max().orElse(0);
        entries.values().removeIf(entry -> entry.run() < run);
        return entries;
    }

    private void show(UUID agentId, long nowNanos) {
        Map<String, AgentEntry> entries = newest(agentId);
        Optional<AgentEntry> best = Optional.ofNullable(entries.get(self))
                .or(() -> entries.values().stream().reduce((one, other) -> one.isNewerThan(other) ? one : other));
        Map<String, Resource> next = new HashMap<>();
        best.ifPresent(entry -> entry.resources().forEach(resource -> next.put(resource.getName(), resource)));
        Map<String, Resource> before = next.isEmpty() ? shown.remove(agentId) : shown.put(agentId, next);
        List<String> gateways = entries.keySet().stream()
                .sorted(Comparator.comparing((String id) -> !id.equals(self)).thenComparing(Comparator.naturalOrder()))
                .toList();
        next.forEach((name, resource) -> index.computeIfAbsent(name, first -> new ConcurrentHashMap<>())
                .compute(agentId, (id, known) -> replica(id, best.orElseThrow(), resource, gateways, known, nowNanos)));
        Set<String> gone = new HashSet<>(before == null ? Set.of() : before.keySet());
        gone.removeAll(next.keySet());
        gone.forEach(name -> index.computeIfPresent(name, (same, replicas) -> {
            replicas.remove(agentId);
            return replicas.isEmpty() ? null : replicas;
        }));
    }

    private static Replica replica(
            UUID agentId, AgentEntry entry, Resource resource, List<String> gateways, Replica known, long nowNanos) {
        boolean wasHealthy = known != null && known.health() == Health.HEALTHY;
        return new Replica(
                agentId, entry.agentName(), resource, gateways, wasHealthy ? known.healthyNanos() : nowNanos);
    }
}
