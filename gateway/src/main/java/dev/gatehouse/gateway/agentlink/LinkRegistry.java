package dev.gatehouse.gateway.agentlink;

import dev.gatehouse.protocol.link.Newest;
import dev.gatehouse.protocol.link.Newest.Outcome;
import dev.gatehouse.protocol.message.ErrorCode;
import dev.gatehouse.protocol.message.LinkError;
import dev.gatehouse.protocol.transport.LinkTunnels;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The links of all agents: those of this gateway, and what others have told of theirs. {@link Newest} decides which count; here is who must be told.
 *
 * <p>Thread-safe: shared by all contexts of a gateway. Links are closed and others are told outside of its locks.
 */
final class LinkRegistry {

    /** For how long the run of an agent without links stays known. */
    static final Duration MEMORY = Duration.ofMinutes(10);

    /** A link of this gateway, as the registry knows it. */
    interface Handle {

        Claim claim();

        AgentFacts facts();

        /** Belongs to the link's context. */
        LinkTunnels tunnels();

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
    record Entry(Claim claim, String gatewayId, long sinceMillis, Handle handle) {

        boolean isHere() {
            return handle != null;
        }

        /** Of two copies of an agent the one that was there first stays. */
        boolean wasBefore(Entry other) {
            return sinceMillis != other.sinceMillis
                    ? sinceMillis < other.sinceMillis
                    : gatewayId.compareTo(other.gatewayId) < 0;
        }
    }

    /** Guarded by the map's lock of its key. */
    private static final class Agent {
        Newest<Entry> newest = new Newest<>();
        long changedNanos = System.nanoTime();

        /** A copy that is refused only as long as the other one is linked. */
        Outcome<Entry> claim(Entry entry) {
            changedNanos = System.nanoTime();
            Outcome<Entry> outcome = newest.claim(entry.claim.amongItsAgents(), entry);
            if (outcome instanceof Outcome.Duplicate<Entry> && newest.links().isEmpty()) {
                newest = new Newest<>();
                outcome = newest.claim(entry.claim.amongItsAgents(), entry);
            }
            return outcome;
        }

        void leave(Predicate<Entry> gone, List<Entry> left) {
            changedNanos = System.nanoTime();
            newest.links().stream().filter(gone).filter(newest::leave).forEach(left::add);
        }
    }

    /** What is to be done once the lock is free. */
    private final class Afterwards {
        private final List<Runnable> steps = new ArrayList<>();

        void close(List<Entry> entries, ErrorCode code, String detail) {
            LinkError error =
                    LinkError.newBuilder().setCode(code).setDetail(detail).build();
            entries.stream().filter(Entry::isHere).forEach(entry -> steps.add(() -> entry.handle.close(error)));
        }

        void announce(List<Entry> entries, boolean registered) {
            entries.stream()
                    .filter(Entry::isHere)
                    .forEach(entry -> steps.add(() -> announce.accept(entry, registered)));
        }

        void run() {
            steps.forEach(Runnable::run);
        }
    }

    private final String self;
    private final BiConsumer<Entry, Boolean> announce;
    private final Map<UUID, Agent> agents = new ConcurrentHashMap<>();
    private final AtomicLong changes = new AtomicLong();

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
        LinkError.Builder refusal = LinkError.newBuilder();
        Afterwards afterwards = new Afterwards();
        agents.compute(link.claim().agentId(), (id, known) -> {
            Agent agent = known == null ? new Agent() : known;
            switch (agent.claim(entry)) {
                case Outcome.Register<Entry> counts -> {
                    afterwards.close(counts.older(), ErrorCode.SUPERSEDED, "a newer link of this agent has the place");
                    afterwards.announce(List.of(entry), true);
                }
                case Outcome.Stale<Entry> stale ->
                    refusal.setCode(ErrorCode.STALE_RUN)
                            .setDetail("run " + entry.claim.run() + "; run " + stale.knownRun() + " is known")
                            .setKnownRun(stale.knownRun());
                case Outcome.Duplicate<Entry> copy -> {
                    refusal.setCode(ErrorCode.DUPLICATE_IDENTITY)
                            .setDetail("another copy of this agent is linked with run " + entry.claim.run());
                    agent.newest.links().stream()
                            .filter(Entry::isHere)
                            .forEach(other -> other.handle.facts().duplicate(entry.claim.runId()));
                }
                case Outcome.Superseded<Entry> late ->
                    refusal.setCode(ErrorCode.SUPERSEDED)
                            .setDetail("counter " + entry.claim.counter() + " of slot " + entry.claim.slot()
                                    + "; a higher one is known");
            }
            return agent;
        });
        changes.incrementAndGet();
        afterwards.run();
        return refusal.getCode() == ErrorCode.INTERNAL ? Optional.empty() : Optional.of(refusal.build());
    }

    /** The link has ended. Nothing happens when a newer one has its place. */
    @SuppressWarnings("ReferenceEquality") // this very link, not one like it
    void unregister(Handle link) {
        List<Entry> left = new ArrayList<>();
        agents.computeIfPresent(link.claim().agentId(), (id, agent) -> {
            agent.leave(entry -> entry.handle == link, left);
            return agent;
        });
        changes.incrementAndGet();
        left.forEach(entry -> announce.accept(entry, false));
    }

    /** Another gateway has registered a link. If what is here is newer, that is told once more, so that the other finds out. */
    void registeredElsewhere(Entry entry) {
        Afterwards afterwards = new Afterwards();
        agents.compute(entry.claim.agentId(), (id, known) -> {
            Agent agent = known == null ? new Agent() : known;
            List<Entry> before = agent.newest.links();
            if (before.stream()
                    .anyMatch(other -> other.gatewayId.equals(entry.gatewayId) && other.claim.equals(entry.claim))) {
                return agent;
            }
            switch (agent.claim(entry)) {
                case Outcome.Register<Entry> counts ->
                    afterwards.close(counts.older(), ErrorCode.SUPERSEDED, "a newer link of this agent has the place");
                case Outcome.Duplicate<Entry> copy
                when before.stream().allMatch(entry::wasBefore) -> {
                    agent.newest = new Newest<>();
                    agent.claim(entry);
                    afterwards.close(
                            before, ErrorCode.DUPLICATE_IDENTITY, "another copy of this agent was linked before");
                }
                default -> afterwards.announce(before, true);
            }
            return agent;
        });
        changes.incrementAndGet();
        afterwards.run();
    }

    void goneElsewhere(String gatewayId, Claim claim) {
        agents.computeIfPresent(claim.agentId(), (id, agent) -> {
            agent.leave(entry -> entry.gatewayId.equals(gatewayId) && entry.claim.equals(claim), new ArrayList<>());
            return agent;
        });
    }

    /** All links of a gateway that has left. */
    void gatewayLeft(String gatewayId) {
        for (UUID agentId : agents.keySet()) {
            agents.computeIfPresent(agentId, (id, agent) -> {
                agent.leave(entry -> entry.gatewayId.equals(gatewayId), new ArrayList<>());
                return agent;
            });
        }
    }

    /** Forgets agents that have had no link for {@link #MEMORY}. */
    void forget(long nowNanos) {
        for (UUID agentId : agents.keySet()) {
            agents.computeIfPresent(
                    agentId,
                    (id, agent) -> agent.newest.links().isEmpty() && nowNanos - agent.changedNanos > MEMORY.toNanos()
                            ? null
                            : agent);
        }
    }

    /** Rises after each change of what {@link #forEachHere} finds. */
    long changes() {
        return changes.get();
    }

    /** Looks at each link of this gateway. */
    void forEachHere(Consumer<Entry> look) {
        for (UUID agentId : agents.keySet()) {
            hereEntries(agentId).forEach(look);
        }
    }

    /** The links of an agent at this gateway. */
    List<Handle> here(UUID agentId) {
        return hereEntries(agentId).stream().map(Entry::handle).toList();
    }

    /** Other gateways at which the agent has a link. */
    List<String> elsewhere(UUID agentId) {
        List<String> gateways = new ArrayList<>(Newest.SLOTS);
        agents.computeIfPresent(agentId, (id, agent) -> {
            agent.newest.links().stream()
                    .filter(entry -> !entry.isHere())
                    .forEach(entry -> gateways.add(entry.gatewayId()));
            return agent;
        });
        return gateways;
    }

    private List<Entry> hereEntries(UUID agentId) {
        List<Entry> here = new ArrayList<>(Newest.SLOTS);
        agents.computeIfPresent(agentId, (id, agent) -> {
            agent.newest.links().stream().filter(Entry::isHere).forEach(here::add);
            return agent;
        });
        return here;
    }
}
