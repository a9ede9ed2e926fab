package dev.gatehouse.gateway.agentlink;

import dev.gatehouse.gateway.agentlink.Claim.Against;
import dev.gatehouse.protocol.message.ErrorCode;
import dev.gatehouse.protocol.message.LinkError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The links of all agents: those of this gateway, and what others have told of theirs. Decides who is the newest; an older link can neither block nor unregister a newer one.
 *
 * <p>Thread-safe: shared by all contexts of a gateway. Links are closed and others are told outside of its locks.
 */
final class LinkRegistry {

    /** A link of this gateway, as the registry knows it. */
    interface Handle {

        Claim claim();

        AgentFacts facts();

        /** From any thread. */
        void close(LinkError error);
    }

    /**
     * A registered link.
     *
     * @param sinceMillis when it was registered, by its gateway's clock: only to choose one of two copies
     *
     * @param handle null for a link of another gateway
     */
    record Entry(Claim claim, String gatewayId, long sinceMillis, Handle handle) {}

    private final String self;
    private final BiConsumer<Entry, Boolean> announce;
    private final Map<UUID, List<Entry>> agents = new ConcurrentHashMap<>();

    /**
     * @param announce tells other gateways that a link of this one was registered (true) or has gone (false)
     */
    LinkRegistry(String self, BiConsumer<Entry, Boolean> announce) {
        this.self = self;
        this.announce = announce;
    }

    /** Registers a link of this gateway, closing those that it replaces, or says why not. */
    Optional<LinkError> register(Handle link, long nowMillis) {
        Entry entry = new Entry(link.claim(), self, nowMillis, link);
        List<Entry> replaced = new ArrayList<>();
        LinkError.Builder refusal = LinkError.newBuilder();
        boolean[] refused = {false};
        agents.compute(link.claim().agentId(), (id, known) -> {
            List<Entry> now = known == null ? List.of() : known;
            for (Entry other : now) {
                if (refuse(entry.claim, other, refusal)) {
                    refused[0] = true;
                    return known;
                }
            }
            return with(entry, now, replaced);
        });
        if (refused[0]) {
            return Optional.of(refusal.build());
        }
        replaced.forEach(LinkRegistry::supersede);
        announce.accept(entry, true);
        return Optional.empty();
    }

    private static boolean refuse(Claim claim, Entry other, LinkError.Builder refusal) {
        switch (claim.against(other.claim)) {
            case STALE ->
                refusal.setCode(ErrorCode.STALE_RUN)
                        .setDetail("run " + claim.run() + "; run " + other.claim.run() + " is known")
                        .setKnownRun(other.claim.run());
            case DUPLICATE -> {
                refusal.setCode(ErrorCode.DUPLICATE_IDENTITY)
                        .setDetail("another copy of this agent is linked with the same run " + claim.run());
                if (other.handle != null) {
                    other.handle.facts().duplicate(claim.runId());
                }
            }
            case OLDER ->
                refusal.setCode(ErrorCode.SUPERSEDED)
                        .setDetail("counter " + claim.counter() + "; slot " + claim.slot() + " is held with "
                                + other.claim.counter());
            case NEWER, BESIDE -> {
                return false;
            }
        }
        return true;
    }

    /** The link has ended. */
    @SuppressWarnings("ReferenceEquality") // this very link, not one like it
    void unregister(Handle link) {
        List<Entry> removed = new ArrayList<>();
        agents.computeIfPresent(
                link.claim().agentId(), (id, known) -> without(known, entry -> entry.handle == link, removed));
        removed.forEach(entry -> announce.accept(entry, false));
    }

    /** Another gateway has registered a link. What is newer here than that is told to it again, so that it finds out. */
    void registeredElsewhere(Entry entry) {
        List<Entry> replaced = new ArrayList<>();
        List<Entry> newer = new ArrayList<>();
        agents.compute(entry.claim.agentId(), (id, known) -> {
            List<Entry> now = known == null ? List.of() : known;
            for (Entry other : now) {
                boolean sameLink = other.gatewayId.equals(entry.gatewayId) && other.claim.equals(entry.claim);
                if (!sameLink && stays(other, entry)) {
                    newer.add(other);
                }
            }
            return newer.isEmpty() ? with(entry, now, replaced) : known;
        });
        replaced.forEach(LinkRegistry::supersede);
        newer.stream().filter(other -> other.handle != null).forEach(other -> announce.accept(other, true));
    }

    /** Whether an entry stands against one that another gateway tells of. Of two copies of an agent the one that came first stays. */
    private static boolean stays(Entry known, Entry told) {
        Against against = told.claim.against(known.claim);
        if (against == Against.DUPLICATE) {
            return known.sinceMillis < told.sinceMillis
                    || (known.sinceMillis == told.sinceMillis && known.gatewayId.compareTo(told.gatewayId) < 0);
        }
        return against == Against.STALE || against == Against.OLDER;
    }

    void goneElsewhere(String gatewayId, Claim claim) {
        agents.computeIfPresent(
                claim.agentId(),
                (id, known) -> without(
                        known,
                        entry -> entry.gatewayId.equals(gatewayId) && entry.claim.equals(claim),
                        new ArrayList<>()));
    }

    /** All links of a gateway that has left. */
    void gatewayLeft(String gatewayId) {
        for (UUID agentId : agents.keySet()) {
            agents.computeIfPresent(
                    agentId,
                    (id, known) -> without(known, entry -> entry.gatewayId.equals(gatewayId), new ArrayList<>()));
        }
    }

    /** Looks at each link of this gateway. */
    void forEachHere(Consumer<Entry> look) {
        agents.values()
                .forEach(entries -> entries.forEach(entry -> {
                    if (entry.handle != null) {
                        look.accept(entry);
                    }
                }));
    }

    /** The links of an agent at this gateway. */
    List<Handle> here(UUID agentId) {
        return agents.getOrDefault(agentId, List.of()).stream()
                .map(Entry::handle)
                .filter(handle -> handle != null)
                .toList();
    }

    private static List<Entry> with(Entry entry, List<Entry> known, List<Entry> replaced) {
        List<Entry> now = new ArrayList<>(Claim.SLOTS);
        for (Entry other : known) {
            if (entry.claim.against(other.claim) == Against.BESIDE) {
                now.add(other);
            } else {
                replaced.add(other);
            }
        }
        now.add(entry);
        return List.copyOf(now);
    }

    private static List<Entry> without(List<Entry> known, Predicate<Entry> gone, List<Entry> removed) {
        List<Entry> now = known.stream().filter(gone.negate()).toList();
        known.stream().filter(gone).forEach(removed::add);
        return now.isEmpty() ? null : now;
    }

    private static void supersede(Entry entry) {
        if (entry.handle != null) {
            entry.handle.close(LinkError.newBuilder()
                    .setCode(ErrorCode.SUPERSEDED)
                    .setDetail("a newer link of this agent has taken the place")
                    .build());
        }
    }
}
