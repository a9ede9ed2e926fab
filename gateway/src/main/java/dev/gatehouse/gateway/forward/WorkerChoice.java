package dev.gatehouse.gateway.forward;

import java.util.Collection;
import java.util.Optional;
import java.util.UUID;

/** Which worker an agent's streams go to: rendezvous hashing, so that a worker that comes or goes moves only its own agents, and every gateway picks alike. */
final class WorkerChoice {

    private WorkerChoice() {}

    static Optional<String> pick(UUID agentId, Collection<String> workers) {
        String best = null;
        long highest = 0;
        for (String worker : workers) {
            long weight = weight(agentId, worker);
            if (best == null || weight > highest || (weight == highest && worker.compareTo(best) < 0)) {
                best = worker;
                highest = weight;
            }
        }
        return Optional.ofNullable(best);
    }

    /** FNV-1a over the worker's id, mixed with the agent's by the finalizer of SplitMix64. */
    private static long weight(UUID agentId, String worker) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < worker.length(); i++) {
            hash = (hash ^ worker.charAt(i)) * 0x100000001b3L;
        }
        return mix(mix(hash ^ agentId.getMostSignificantBits()) ^ agentId.getLeastSignificantBits());
    }

    private static long mix(long bits) {
        long z = (bits ^ (bits >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
