package dev.gatehouse.gateway.catalog;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Another gateway's list, as far as it was heard. Of each agent the highest version counts, so it does not matter in which order changes, pages of a snapshot and Redis' copy come, or how often.
 *
 * <p>Pure: it is told messages and times. Confined to whoever holds it.
 */
final class FollowedList {

    /** For how long an owner may say nothing before its list counts as gone. */
    static final Duration SILENCE = Duration.ofSeconds(45);

    /** For how long it is remembered that an agent has gone: longer than any message is under way. */
    static final Duration MEMORY = Duration.ofMinutes(1);

    private record Gone(long version, long atNanos) {}

    private final Map<UUID, Versioned> entries = new HashMap<>();
    private final Map<UUID, Gone> gone = new HashMap<>();
    private long version;
    private long hash;
    private long heardNanos;

    FollowedList(long nowNanos) {
        heardNanos = nowNanos;
    }

    /** What came of a message: whose entries have changed, and whether the owner must be asked for its whole list. */
    record Outcome(Set<UUID> changed, boolean incomplete) {}

    Outcome heard(CatalogMessage.Delta delta, long nowNanos) {
        heardNanos = nowNanos;
        boolean missed = delta.previous() > version;
        version = Math.max(version, delta.version());
        Set<UUID> changed = new HashSet<>();
        delta.changes().forEach(change -> take(change, nowNanos, changed));
        return new Outcome(changed, missed);
    }

    Outcome heard(CatalogMessage.Digest digest, long nowNanos) {
        heardNanos = nowNanos;
        boolean missed = digest.version() > version;
        boolean other = digest.version() == version && (digest.count() != entries.size() || digest.hash() != hash);
        return new Outcome(Set.of(), missed || other);
    }

    /** A part of the list: whom it does not name within its bounds has gone, unless something newer is known. */
    Outcome heard(CatalogMessage.Page page, long nowNanos) {
        heardNanos = nowNanos;
        version = Math.max(version, page.version());
        Set<UUID> changed = new HashSet<>();
        Set<UUID> named = new HashSet<>();
        page.entries().forEach(entry -> {
            named.add(entry.agentId());
            take(entry, nowNanos, changed);
        });
        List<Versioned> missing = entries.values().stream()
                .filter(known -> !named.contains(known.agentId())
                        && known.version() <= page.version()
                        && page.after()
                                .map(after -> known.agentId().compareTo(after) > 0)
                                .orElse(true)
                        && page.until()
                                .map(until -> known.agentId().compareTo(until) <= 0)
                                .orElse(true))
                .toList();
        missing.forEach(
                known -> take(new Versioned(known.agentId(), page.version() + 1, Optional.empty()), nowNanos, changed));
        missing.forEach(known -> gone.put(known.agentId(), new Gone(page.version(), nowNanos)));
        return new Outcome(changed, false);
    }

    /** A copy of entries from elsewhere: it may add and raise, and its being fresh is a sign of its owner's life. */
    Outcome copied(List<Versioned> copies, long nowNanos) {
        heardNanos = nowNanos;
        Set<UUID> changed = new HashSet<>();
        copies.stream().filter(copy -> copy.entry().isPresent()).forEach(copy -> take(copy, nowNanos, changed));
        return new Outcome(changed, false);
    }

    private void take(Versioned change, long nowNanos, Set<UUID> changed) {
        UUID id = change.agentId();
        Versioned known = entries.get(id);
        Gone left = gone.get(id);
        if ((known != null && known.version() >= change.version())
                || (left != null && left.version() >= change.version())) {
            return;
        }
        hash -= known == null ? 0 : known.hash();
        if (change.entry().isPresent()) {
            gone.remove(id);
            entries.put(id, change);
            hash += change.hash();
            changed.add(id);
        } else {
            entries.remove(id);
            gone.put(id, new Gone(change.version(), nowNanos));
            if (known != null) {
                changed.add(id);
            }
        }
    }

    Optional<AgentEntry> entry(UUID agentId) {
        return Optional.ofNullable(entries.get(agentId)).flatMap(Versioned::entry);
    }

    /** All whom it names. */
    List<UUID> agents() {
        return new ArrayList<>(entries.keySet());
    }

    /** How long ago its owner was heard, or a fresh copy of its list seen. */
    Duration silence(long nowNanos) {
        return Duration.ofNanos(nowNanos - heardNanos);
    }

    boolean isSilent(long nowNanos) {
        return nowNanos - heardNanos > SILENCE.toNanos();
    }

    void forget(long nowNanos) {
        gone.values().removeIf(left -> nowNanos - left.atNanos() > MEMORY.toNanos());
    }
}
