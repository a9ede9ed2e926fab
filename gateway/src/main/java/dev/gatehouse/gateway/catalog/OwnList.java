package dev.gatehouse.gateway.catalog;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.ToIntFunction;

/** A gateway's own list: what its agents offer. An agent may have two links here for a moment; the newest counts. Pure; confined to whoever holds it. */
final class OwnList {

    private final String owner;
    private final ToIntFunction<AgentEntry> size;
    private final TreeMap<UUID, Versioned> entries = new TreeMap<>();
    private final Map<UUID, Map<Long, AgentEntry>> links = new HashMap<>(); // by counter
    private final Map<UUID, Versioned> untold = new LinkedHashMap<>();
    private long version;
    private long told;
    private long hash;

    /** @param size of an entry as encoded */
    OwnList(String owner, ToIntFunction<AgentEntry> size) {
        this.owner = owner;
        this.size = size;
    }

    /**
     * What an agent says over one of its links.
     *
     * @return whether something has changed
     */
    boolean offered(AgentEntry entry) {
        Map<Long, AgentEntry> ofAgent = links.computeIfAbsent(entry.agentId(), first -> new HashMap<>(2));
        ofAgent.values().removeIf(other -> other.run() < entry.run());
        ofAgent.put(entry.counter(), entry);
        return update(entry.agentId());
    }

    /**
     * One of its links has gone.
     *
     * @return whether something has changed
     */
    boolean gone(UUID agentId, long run, long counter) {
        Map<Long, AgentEntry> ofAgent = links.get(agentId);
        AgentEntry known = ofAgent == null ? null : ofAgent.get(counter);
        if (known == null || known.run() != run) {
            return false;
        }
        ofAgent.remove(counter);
        if (ofAgent.isEmpty()) {
            links.remove(agentId);
        }
        return update(agentId);
    }

    private boolean update(UUID agentId) {
        Optional<AgentEntry> newest = links.getOrDefault(agentId, Map.of()).values().stream()
                .reduce((one, other) -> one.isNewerThan(other) ? one : other);
        Versioned before = entries.get(agentId);
        if (newest.equals(before == null ? Optional.empty() : before.entry())) {
            return false;
        }
        Versioned now = new Versioned(agentId, ++version, newest);
        hash -= before == null ? 0 : before.hash();
        if (newest.isPresent()) {
            hash += now.hash();
            entries.put(agentId, now);
        } else {
            entries.remove(agentId);
        }
        untold.put(agentId, now);
        return true;
    }

    Optional<AgentEntry> entry(UUID agentId) {
        return Optional.ofNullable(entries.get(agentId)).flatMap(Versioned::entry);
    }

    List<AgentEntry> all() {
        return entries.values().stream().flatMap(each -> each.entry().stream()).toList();
    }

    /** What has changed since the last one, as far as one message holds it; empty if nothing has. */
    Optional<CatalogMessage.Delta> delta() {
        if (untold.isEmpty()) {
            return Optional.empty();
        }
        List<Versioned> changes = new ArrayList<>();
        int bytes = 0;
        List<Versioned> oldestFirst = untold.values().stream()
                .sorted((one, other) -> Long.compare(one.version(), other.version()))
                .toList();
        for (Versioned change : oldestFirst) {
            bytes += change.entry().map(size::applyAsInt).orElse(0);
            if (!changes.isEmpty()
                    && (bytes > CatalogMessage.MAX_BYTES || changes.size() == CatalogMessage.MAX_ENTRIES)) {
                break;
            }
            changes.add(change);
            untold.remove(change.agentId());
        }
        long previous = told;
        told = untold.isEmpty() ? version : changes.getLast().version();
        return Optional.of(new CatalogMessage.Delta(owner, previous, told, List.copyOf(changes)));
    }

    CatalogMessage.Digest digest() {
        return new CatalogMessage.Digest(owner, version, entries.size(), hash);
    }

    CatalogMessage.Page page(Optional<UUID> after) {
        NavigableMap<UUID, Versioned> rest =
                after.map(id -> entries.tailMap(id, false)).orElse(entries);
        List<Versioned> page = new ArrayList<>();
        int bytes = 0;
        for (Versioned entry : rest.values()) {
            bytes += entry.entry().map(size::applyAsInt).orElse(0);
            if (!page.isEmpty() && (bytes > CatalogMessage.MAX_BYTES || page.size() == CatalogMessage.MAX_ENTRIES)) {
                return new CatalogMessage.Page(
                        owner, version, after, Optional.of(page.getLast().agentId()), List.copyOf(page));
            }
            page.add(entry);
        }
        return new CatalogMessage.Page(owner, version, after, Optional.empty(), List.copyOf(page));
    }
}
