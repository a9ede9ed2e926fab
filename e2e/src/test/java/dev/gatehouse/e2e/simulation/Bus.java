package dev.gatehouse.e2e.simulation;

import static dev.gatehouse.e2e.simulation.Clock.MILLI;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Messages between gateways and workers: between two nodes in order, late, and in bad times not at all. */
final class Bus {

    private static final long LATEST = 40 * MILLI;
    private static final long VERY_LATE = 4 * Clock.SECOND;

    private record Way(String from, String to) {}

    private final World world;
    private final Clock clock;
    private final Map<Way, Long> arrivals = new HashMap<>();
    double loss;

    Bus(World world) {
        this.world = world;
        this.clock = world.clock;
    }

    /** @param failed what the sender is told, perhaps, if the worker isn't there */
    void request(Actor from, String worker, Consumer<WorkerNode> arrival, Runnable failed) {
        long life = from.life();
        WorkerNode to = world.worker(worker);
        carry(from.id, worker, () -> {
            if (to.isUp()) {
                arrival.accept(to);
            } else if (clock.chance(0.7)) {
                tell(worker, from, life, failed);
            }
        });
    }

    /** Tells a node something if it still lives. */
    void tell(String from, Actor to, long life, Runnable arrival) {
        carry(from, to.id, () -> {
            if (to.lives(life)) {
                arrival.run();
            }
        });
    }

    private void carry(String from, String to, Runnable arrival) {
        if (clock.chance(loss)) {
            return;
        }
        long delay = clock.chance(loss / 10) ? clock.between(LATEST, VERY_LATE) : clock.between(0, LATEST);
        long at = Math.max(arrivals.getOrDefault(new Way(from, to), 0L), clock.now() + delay);
        arrivals.put(new Way(from, to), at);
        clock.after(at - clock.now(), arrival);
    }
}
