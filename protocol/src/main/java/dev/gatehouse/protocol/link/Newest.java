package dev.gatehouse.protocol.link;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Which links of one agent count, decided from what the agent says alone: its run (fsynced, +1 at each start), the run's random id, a slot and the link's counter within the run.
 *
 * <p>A higher run replaces all links of a lower one; within a slot the higher counter wins. The older can neither block nor unregister the newer, whatever the order in which they arrive and leave. Pure; confined to whoever holds it.
 *
 * @param <L> a link, known again by its equals
 */
public final class Newest<L> {

    /** The slots of an agent: two links, to two gateways where there are two. */
    public static final int SLOTS = 2;

    /** What a link says of itself in HELLO. */
    public record Claim(long run, UUID runId, int slot, long counter) {

        public Claim {
            if (run < 1 || slot < 0 || slot >= SLOTS || counter < 1) {
                throw new IllegalArgumentException("run " + run + ", slot " + slot + ", counter " + counter
                        + "; run and counter from 1, slot 0 or 1 are allowed");
            }
        }
    }

    /** The answer to a claim. */
    public sealed interface Outcome<L> {

        /** The link counts; close the older ones with SUPERSEDED. */
        record Register<L>(List<L> older) implements Outcome<L> {}

        /** A run lower than the known one: the agent has lost its count and is to take {@code knownRun + 1}. */
        record Stale<L>(long knownRun) implements Outcome<L> {}

        /** The same run under another run id: two machines with one identity. */
        record Duplicate<L>(UUID knownRunId) implements Outcome<L> {}

        /** A link of the same run and slot with a counter at least as high is known: this one is late. */
        record Superseded<L>() implements Outcome<L> {}
    }

    private record Held<L>(long counter, Optional<L> link) {}

    private final Map<Integer, Held<L>> slots = new HashMap<>(SLOTS);
    private long run;
    private UUID runId;

    /** Nothing is known of the agent. */
    public Newest() {}

    /** A run is known from a record that outlives this process; none of its links are here. */
    public Newest(long run, UUID runId) {
        this.run = run;
        this.runId = runId;
    }

    /** Decides a claim; when the link counts it is registered at once. */
    public Outcome<L> claim(Claim claim, L link) {
        if (claim.run() < run) {
            return new Outcome.Stale<>(run);
        }
        if (claim.run() == run && !claim.runId().equals(runId)) {
            return new Outcome.Duplicate<>(runId);
        }
        List<L> older = new ArrayList<>(SLOTS);
        if (claim.run() > run) {
            older.addAll(links());
            slots.clear();
            run = claim.run();
            runId = claim.runId();
        }
        Held<L> held = slots.get(claim.slot());
        if (held != null) {
            if (claim.counter() <= held.counter()) {
                return new Outcome.Superseded<>();
            }
            held.link().ifPresent(older::add);
        }
        slots.put(claim.slot(), new Held<>(claim.counter(), Optional.of(link)));
        return new Outcome.Register<>(List.copyOf(older));
    }

    /** A link has gone. False, and nothing changed, if it isn't the one that counts; its counter stays known. */
    public boolean leave(L link) {
        for (Map.Entry<Integer, Held<L>> slot : slots.entrySet()) {
            Held<L> held = slot.getValue();
            if (held.link().equals(Optional.of(link))) {
                slot.setValue(new Held<>(held.counter(), Optional.empty()));
                return true;
            }
        }
        return false;
    }

    /** The links that count now. */
    public List<L> links() {
        return slots.values().stream().flatMap(held -> held.link().stream()).toList();
    }

    /** The highest run seen; 0 if none. */
    public long knownRun() {
        return run;
    }
}
