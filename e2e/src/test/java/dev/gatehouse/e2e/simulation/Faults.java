package dev.gatehouse.e2e.simulation;

import static dev.gatehouse.e2e.simulation.Clock.MILLI;
import static dev.gatehouse.e2e.simulation.Clock.SECOND;

import java.util.List;

/** What goes wrong, one thing after another: how often, and what mostly, depends on the seed. */
final class Faults {

    private static final int KINDS = 13;

    private final World world;
    private final Clock clock;
    private long pause;
    private boolean restores;
    private boolean refuses;
    private boolean ended;

    Faults(World world) {
        this.world = world;
        this.clock = world.clock;
    }

    void begin() {
        pause = clock.between(100 * MILLI, 5 * SECOND);
        restores = clock.chance(0.15);
        refuses = clock.chance(0.15);
        next();
    }

    void end() {
        clock.trace("nothing fails any more");
        ended = true;
        calm();
    }

    private void calm() {
        world.busy = 0;
        world.storeFails = 0;
        world.unknown = 0;
        world.bus.loss = 0;
        world.databaseBackAt = 0;
        world.database.unwanted.clear();
    }

    private void next() {
        clock.after(clock.between(pause / 10, 2 * pause), () -> {
            if (!ended) {
                fail();
                next();
            }
        });
    }

    private void fail() {
        AgentNode agent = any(world.agents);
        WorkerNode worker = any(world.workers);
        switch (clock.random.nextInt(KINDS)) {
            case 0 -> kill(agent);
            case 1 -> kill(any(world.gateways));
            case 2 -> kill(worker);
            case 3, 4 -> {
                if (agent.wire != null) {
                    agent.wire.cut();
                }
            }
            case 5 -> {
                if (worker.isUp()) {
                    worker.leave();
                }
            }
            case 6 -> {
                if (worker.isUp()) {
                    world.partition(worker);
                }
            }
            case 7 -> world.databaseBackAt = clock.now() + clock.between(100 * MILLI, 8 * SECOND);
            case 8 -> {
                if (worker.isUp()) {
                    world.database.closeWriter(worker.committer.writer());
                }
            }
            case 9 -> {
                world.bus.loss = clock.random.nextDouble() * 0.3;
                world.unknown = clock.random.nextDouble() * 0.5;
            }
            case 10 -> {
                world.storeFails = clock.random.nextDouble() * 0.7;
                world.busy = clock.random.nextDouble() * 0.5;
            }
            case 11 -> {
                calm();
                if (restores) {
                    replaceDisk(agent);
                }
            }
            case 12 -> {
                if (refuses) {
                    world.database.anyStream(clock.random).ifPresent(world.database.unwanted::add);
                }
            }
            default -> throw new IllegalStateException();
        }
    }

    private void replaceDisk(AgentNode agent) {
        if (!agent.isUp()) {
            return;
        }
        agent.backUp();
        clock.after(clock.between(SECOND, 20 * SECOND), () -> {
            if (!ended && agent.isUp()) {
                agent.crash();
                agent.restoreBackup();
                world.restart(agent);
            }
        });
    }

    private void kill(Actor actor) {
        if (actor.isUp()) {
            actor.crash();
            world.restart(actor);
        }
    }

    private <T> T any(List<T> all) {
        return all.get(clock.random.nextInt(all.size()));
    }
}
