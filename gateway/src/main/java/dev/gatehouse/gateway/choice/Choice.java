package dev.gatehouse.gateway.choice;

import dev.gatehouse.gateway.catalog.Replica;
import dev.gatehouse.gateway.choice.Pick.Refusal;
import dev.gatehouse.gateway.choice.Verdict.Standing;
import dev.gatehouse.protocol.message.Health;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Which replica a new session gets: the named one if one is named; else the session's own agent unless it is known-bad or gone; else the best by health, and among equals the less loaded of two drawn at random by weight. A
 * replica that has just become healthy is drawn less often at first. One to which dials have failed is left alone for a while. Those that are known-bad come last, as they are better than nobody.
 *
 * <p>Pure but for what it remembers of dials and tunnels: it is told replicas, results and times. Thread-safe.
 */
public final class Choice {

    /** Agents of one answer: after so many failed dials a user has waited long enough. */
    static final int MAX_AGENTS = 5;

    /** For how long a replica that has become healthy gets less than its share. */
    static final Duration SLOW_START = Duration.ofSeconds(30);

    /** Of its share, at the beginning. */
    private static final double SLOWEST = 0.1;

    private record Tunnels(String resource, UUID agentId) {}

    private record Judged(Replica replica, Verdict verdict) {}

    private final RandomGenerator random;
    private final Ejections ejections = new Ejections();
    private final Map<Tunnels, Integer> open = new HashMap<>();

    public Choice(RandomGenerator random) {
        this.random = random;
    }

    // What happens ----------------------------------------------------------------------------------------------------

    /** A tunnel is open: counts until {@link #closed}. Ends what was held against the replica. */
    public synchronized void opened(String resource, UUID agentId) {
        ejections.connected(resource, agentId);
        open.merge(new Tunnels(resource, agentId), 1, Integer::sum);
    }

    public synchronized void closed(String resource, UUID agentId) {
        open.computeIfPresent(new Tunnels(resource, agentId), (key, count) -> count > 1 ? count - 1 : null);
    }

    /** A dial has failed before any byte, because of the agent, its gateway or its target. */
    public synchronized void failed(String resource, UUID agentId, String reason, long nowNanos) {
        ejections.failed(resource, agentId, reason, nowNanos);
    }

    // The answer ------------------------------------------------------------------------------------------------------

    /** @param replicas of the resource, those that can be reached now */
    public synchronized Pick pick(Question question, List<Replica> replicas, long nowNanos) {
        if (replicas.isEmpty()) {
            return refused(Refusal.NOBODY, List.of());
        }
        Set<UUID> named = new HashSet<>();
        question.agent()
                .ifPresent(agent -> replicas.stream()
                        .filter(replica -> replica.agentId().toString().equals(agent)
                                || replica.agentName().equals(agent))
                        .forEach(replica -> named.add(replica.agentId())));
        List<Judged> judged = new ArrayList<>(replicas.size());
        replicas.forEach(replica -> judged.add(judge(question, replica, named, nowNanos)));
        judged.sort(Comparator.comparing(each -> each.verdict().standing()));
        if (question.agent().isPresent() && named.size() != 1) {
            return refused(named.isEmpty() ? Refusal.NOT_THIS_AGENT : Refusal.AMBIGUOUS_AGENT, judged);
        }
        List<Judged> order = order(judged);
        if (order.isEmpty()) {
            return refused(Refusal.ALL_STANDBY, judged);
        }
        List<Candidate> candidates = new ArrayList<>();
        order.forEach(each -> each.replica()
                .gateways()
                .forEach(gateway -> candidates.add(new Candidate(
                        each.replica().agentId(),
                        each.replica().agentName(),
                        gateway,
                        each.verdict().reason()))));
        return new Pick(List.copyOf(candidates), verdicts(judged), Optional.empty());
    }

    private static Pick refused(Refusal refusal, List<Judged> judged) {
        return new Pick(List.of(), verdicts(judged), Optional.of(refusal));
    }

    private static List<Verdict> verdicts(List<Judged> judged) {
        return judged.stream().map(Judged::verdict).toList();
    }

    private Judged judge(Question question, Replica replica, Set<UUID> named, long nowNanos) {
        UUID id = replica.agentId();
        String resource = question.resource();
        Optional<String> ejected = ejections.ejected(resource, id, nowNanos);
        boolean standby = replica.resource().getWeight() == 0;
        Standing standing;
        String reason;
        if (question.agent().isPresent()) {
            standing = named.contains(id) ? Standing.NAMED : Standing.NOT_NAMED;
            reason = named.contains(id) ? "named by the user" : "another agent is named";
        } else if (replica.health() == Health.UNHEALTHY) {
            standing = standby ? Standing.STANDBY : Standing.UNHEALTHY;
            reason = replica.resource().getHealth().getDetail();
        } else if (ejected.isPresent()) {
            standing = standby ? Standing.STANDBY : Standing.EJECTED;
            reason = ejected.get();
        } else if (question.own().filter(id::equals).isPresent()) {
            standing = Standing.OWN;
            reason = "the agent that the session has had so far";
        } else if (standby) {
            standing = Standing.STANDBY;
            reason = "has the weight 0: only for those who name it";
        } else {
            boolean healthy = replica.health() == Health.HEALTHY;
            standing = healthy ? Standing.HEALTHY : Standing.UNKNOWN;
            reason = healthy ? "healthy" : "not checked";
        }
        return new Judged(
                replica,
                new Verdict(
                        id,
                        replica.agentName(),
                        standing,
                        reason,
                        load(resource, replica),
                        share(replica, nowNanos),
                        replica.gateways()));
    }

    /** What the agent last said, or what is known here, whichever is more: the one is a little old, the other not all. */
    private int load(String resource, Replica replica) {
        return Math.max(
                replica.resource().getHealth().getTunnels(),
                open.getOrDefault(new Tunnels(resource, replica.agentId()), 0));
    }

    private static double share(Replica replica, long nowNanos) {
        double age = (double) (nowNanos - replica.healthyNanos()) / SLOW_START.toNanos();
        boolean starting = replica.health() == Health.HEALTHY && age < 1;
        return replica.resource().getWeight() * (starting ? SLOWEST + (1 - SLOWEST) * Math.max(0, age) : 1);
    }

    /** Class by class, the best first; within a class drawn. */
    private List<Judged> order(List<Judged> judged) {
        List<Judged> order = new ArrayList<>();
        for (Standing standing : Standing.values()) {
            List<Judged> equals = new ArrayList<>(judged.stream()
                    .filter(each -> standing.isUsed() && each.verdict().standing() == standing)
                    .toList());
            while (!equals.isEmpty() && order.size() < MAX_AGENTS) {
                order.add(draw(equals));
            }
        }
        return order;
    }

    /** The less loaded, for its share, of two that are drawn; taken out of the list. */
    private Judged draw(List<Judged> from) {
        int first = drawn(from, -1);
        if (from.size() > 1) {
            int second = drawn(from, first);
            if (busy(from.get(second)) < busy(from.get(first))) {
                first = second;
            }
        }
        return from.remove(first);
    }

    private static double busy(Judged judged) {
        return (judged.verdict().load() + 1) / Math.max(judged.verdict().share(), Double.MIN_NORMAL);
    }

    /** An index, by share. */
    private int drawn(List<Judged> from, int without) {
        double all = 0;
        for (int i = 0; i < from.size(); i++) {
            all += i == without ? 0 : from.get(i).verdict().share();
        }
        double at = random.nextDouble() * all;
        int last = 0;
        for (int i = 0; i < from.size(); i++) {
            if (i != without) {
                last = i;
                at -= from.get(i).verdict().share();
                if (at < 0) {
                    return i;
                }
            }
        }
        return last;
    }
}
