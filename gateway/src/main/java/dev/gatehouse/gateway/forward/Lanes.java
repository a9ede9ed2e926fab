package dev.gatehouse.gateway.forward;

import dev.gatehouse.shared.bus.ChunkBatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** The live workers, and the lanes to those that are in use. A lane that is given up numbers afresh when it is used again. Pure; confined to its forwarder's context. */
final class Lanes {

    /** How long a worker that said MOVED is left alone, if there is another. */
    private static final long SHY_NANOS = Duration.ofSeconds(5).toNanos();

    private final String nodeId;
    private final int instance;
    private final WorkerOutput output;
    private final RandomGenerator random;
    private final Map<String, Lane> lanes = new LinkedHashMap<>();
    private final Map<String, Long> shyUntil = new HashMap<>();
    private Set<String> live = new TreeSet<>();
    private long lastEpoch;

    Lanes(String nodeId, int instance, long epoch, WorkerOutput output, RandomGenerator random) {
        this.nodeId = nodeId;
        this.instance = instance;
        this.lastEpoch = epoch;
        this.output = output;
        this.random = random;
    }

    Collection<Lane> all() {
        return lanes.values();
    }

    /** The lane in use that an answer is about; null when it has been given up. */
    Lane of(String worker, long epoch) {
        Lane lane = lanes.get(worker);
        return lane != null && lane.sender.epoch() == epoch ? lane : null;
    }

    /** The lane for an agent; empty while no worker is live. */
    Optional<Lane> pick(UUID agentId, long now) {
        shyUntil.values().removeIf(until -> until - now <= 0);
        List<String> bold =
                live.stream().filter(id -> !shyUntil.containsKey(id)).toList();
        return WorkerChoice.pick(agentId, bold.isEmpty() ? live : bold)
                .map(worker -> lanes.computeIfAbsent(
                        worker,
                        id -> new Lane(id, new ChunkBatch.Sender(nodeId, instance, ++lastEpoch), output, random)));
    }

    /** Takes the workers that live now; gives up and answers the lanes of those that have left. */
    List<Lane> live(Collection<String> ids) {
        live = new TreeSet<>(ids);
        shyUntil.keySet().retainAll(live);
        List<Lane> left = new ArrayList<>(lanes.values());
        left.removeIf(lane -> live.contains(lane.worker));
        left.forEach(lane -> lanes.remove(lane.worker));
        return left;
    }

    /** Gives a lane up whose worker wants to be left alone. */
    void moved(Lane lane, long now) {
        shyUntil.put(lane.worker, now + SHY_NANOS);
        lanes.remove(lane.worker, lane);
    }
}
