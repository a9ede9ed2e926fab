package dev.gatehouse.e2e.simulation;

import static dev.gatehouse.e2e.simulation.Clock.MILLI;
import static dev.gatehouse.e2e.simulation.Clock.SECOND;
import static dev.gatehouse.e2e.simulation.Clock.require;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** One run: agents, gateways, workers and what lies between them, all of it decided by the seed. */
final class World {

    /** Within this everything is durable, acknowledged and idle once nothing fails any more. */
    private static final long UNTIL_QUIET = 300 * SECOND;

    /** As long again for a stream that was refused, which is tried anew after ten minutes. */
    private static final long UNTIL_TRIED_ANEW = 700 * SECOND;

    final Clock clock;
    final Truth truth = new Truth();
    final Database database = new Database(truth);
    final Bus bus;
    final List<AgentNode> agents = new ArrayList<>();
    final List<GatewayNode> gateways = new ArrayList<>();
    final List<WorkerNode> workers = new ArrayList<>();
    final Set<String> members = new TreeSet<>();
    final Faults faults;
    boolean capturing = true;
    long contents;
    double busy;
    double storeFails;
    double unknown;
    long databaseBackAt;
    long forks;
    long rewinds;
    long unknowns;
    long refusals;

    World(long seed, boolean traced) {
        clock = new Clock(seed, traced);
        bus = new Bus(this);
        faults = new Faults(this);
        int agentCount = 2 + clock.random.nextInt(3);
        int gatewayCount = 1 + clock.random.nextInt(2);
        int workerCount = 1 + clock.random.nextInt(3);
        for (int i = 0; i < gatewayCount; i++) {
            gateways.add(new GatewayNode(this, "gateway-" + i));
        }
        for (int i = 0; i < workerCount; i++) {
            workers.add(new WorkerNode(this, "worker-" + i));
        }
        for (int i = 0; i < agentCount; i++) {
            agents.add(new AgentNode(this, "agent-" + i));
        }
        gateways.forEach(Actor::start);
        workers.forEach(Actor::start);
        agents.forEach(Actor::start);
    }

    void run(int steps) {
        faults.begin();
        while (clock.steps() < steps) {
            step();
        }
        faults.end();
        capturing = false;
        long limit = clock.now() + UNTIL_QUIET + (refusals > 0 ? UNTIL_TRIED_ANEW : 0);
        while (!isQuiet()) {
            require(clock.now() < limit, "stuck: %s", standing());
            step();
        }
        truth.checkAllDurable();
        database.checkWhole(truth.losers);
        gateways.forEach(GatewayNode::checkBase);
    }

    private void step() {
        clock.step();
        gateways.forEach(GatewayNode::check);
        workers.forEach(WorkerNode::check);
    }

    private boolean isQuiet() {
        return agents.stream().allMatch(AgentNode::isSettled)
                && workers.stream().allMatch(WorkerNode::isSettled)
                && gateways.stream().allMatch(GatewayNode::isSettled);
    }

    private String standing() {
        StringBuilder text = new StringBuilder();
        for (AgentNode agent : agents) {
            if (!agent.isSettled()) {
                text.append(agent)
                        .append(" linked to ")
                        .append(agent.wire == null ? "none" : agent.wire.gateway)
                        .append(": ")
                        .append(agent.spool.streams())
                        .append("; ");
            }
        }
        workers.stream()
                .filter(worker -> !worker.isSettled())
                .forEach(worker -> text.append(worker).append("; "));
        gateways.stream()
                .filter(gateway -> !gateway.isSettled())
                .forEach(gateway -> text.append(gateway.standing()).append("; "));
        return text.toString();
    }

    WorkerNode worker(String id) {
        return workers.stream()
                .filter(worker -> worker.id.equals(id))
                .findFirst()
                .orElseThrow();
    }

    boolean databaseAway() {
        return clock.now() < databaseBackAt;
    }

    // Membership -----------------------------------------------------------------------------------------------------

    void join(WorkerNode worker) {
        members.add(worker.id);
        gateways.forEach(GatewayNode::membersChanged);
    }

    /** It has died: that is noticed, unless it is back before. */
    void leaves(WorkerNode worker) {
        clock.after(clock.between(0, 5 * SECOND), () -> {
            if (!worker.isUp()) {
                members.remove(worker.id);
                gateways.forEach(GatewayNode::membersChanged);
            }
        });
    }

    /** The others take a worker that lives for gone, for a while. */
    void partition(WorkerNode worker) {
        clock.trace("%s is taken for gone", worker);
        members.remove(worker.id);
        gateways.forEach(GatewayNode::membersChanged);
        clock.after(clock.between(SECOND / 10, 8 * SECOND), () -> {
            if (worker.isUp()) {
                join(worker);
            }
        });
    }

    void restart(Actor actor) {
        clock.after(clock.between(50 * MILLI, 6 * SECOND), () -> {
            if (!actor.isUp()) {
                actor.start();
            }
        });
    }
}
