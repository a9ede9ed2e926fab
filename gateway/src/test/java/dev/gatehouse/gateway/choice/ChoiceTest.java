package dev.gatehouse.gateway.choice;

import static dev.gatehouse.gateway.catalog.Entries.agent;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.gateway.catalog.Replica;
import dev.gatehouse.gateway.choice.Pick.Refusal;
import dev.gatehouse.gateway.choice.Verdict.Standing;
import dev.gatehouse.protocol.message.Health;
import dev.gatehouse.protocol.message.Resource;
import dev.gatehouse.protocol.message.ResourceHealth;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ChoiceTest {

    private static final Question DB = Question.of("db");

    private final Choice choice = new Choice(new Random(1));
    private final List<Replica> replicas = new ArrayList<>();
    private long now = Long.MAX_VALUE - Duration.ofSeconds(5).toNanos(); // nanoTime may wrap

    @Test
    void nobodyIsARefusal() {
        assertThat(choice.pick(DB, replicas, now).refusal()).contains(Refusal.NOBODY);
    }

    @Test
    void theNamedOneIsTakenHoweverItIs() {
        add(1, Health.HEALTHY, 1, 0);
        add(2, Health.UNHEALTHY, 0, 0);
        choice.failed("db", agent(2), "refused", now);
        for (String name : List.of("agent-2", agent(2).toString())) {
            Pick pick = choice.pick(new Question("db", Optional.of(name), Optional.of(agent(1))), replicas, now);
            assertThat(agents(pick)).containsExactly(agent(2));
            assertThat(pick.verdicts()).extracting(Verdict::standing).containsExactly(Standing.NAMED, Standing.NOT_NAMED);
        }
    }

    @Test
    void aNamedOneThatIsNotThereOrNotOneIsARefusal() {
        add(1, Health.HEALTHY, 1, 0);
        assertThat(choice.pick(new Question("db", Optional.of("agent-9"), Optional.empty()), replicas, now).refusal())
                .contains(Refusal.NOT_THIS_AGENT);
        Replica first = replicas.getFirst();
        replicas.add(new Replica(agent(2), "agent-1", first.resource(), first.gateways(), now));
        assertThat(choice.pick(new Question("db", Optional.of("agent-1"), Optional.empty()), replicas, now).refusal())
                .contains(Refusal.AMBIGUOUS_AGENT);
    }

    @Test
    void aSessionStaysOnItsAgentUnlessThatIsKnownBadOrGone() {
        add(1, Health.HEALTHY, 1, 0);
        add(2, Health.HEALTH_UNKNOWN, 1, 50);
        Question own = new Question("db", Optional.empty(), Optional.of(agent(2)));
        for (int i = 0; i < 50; i++) {
            assertThat(agents(choice.pick(own, replicas, now))).containsExactly(agent(2), agent(1));
        }
        // a dial has failed: known-bad, tried last
        choice.failed("db", agent(2), "refused", now);
        assertThat(agents(choice.pick(own, replicas, now))).containsExactly(agent(1), agent(2));
        // gone
        replicas.removeLast();
        assertThat(agents(choice.pick(own, replicas, now))).containsExactly(agent(1));
    }

    @Test
    void healthGoesBeforeLoad() {
        add(1, Health.UNHEALTHY, 1000, 0);
        add(2, Health.HEALTH_UNKNOWN, 1000, 0);
        add(3, Health.HEALTHY, 1, 500);
        Pick pick = choice.pick(DB, replicas, now);
        assertThat(agents(pick)).containsExactly(agent(3), agent(2), agent(1));
        assertThat(pick.verdicts())
                .extracting(Verdict::standing)
                .containsExactly(Standing.HEALTHY, Standing.UNKNOWN, Standing.UNHEALTHY);
        assertThat(pick.verdicts()).extracting(Verdict::reason).containsExactly("healthy", "not checked", "why");
    }

    @Test
    void theLessLoadedOfTwoIsTaken() {
        add(1, Health.HEALTHY, 1, 5);
        add(2, Health.HEALTHY, 1, 4);
        assertThat(firsts(1000)).containsOnlyKeys(agent(2));
        // tunnels that the agent has not told of yet count, too
        choice.opened("db", agent(2));
        choice.opened("db", agent(2));
        assertThat(firsts(1000)).containsOnlyKeys(agent(2));
        for (int i = 0; i < 4; i++) {
            choice.opened("db", agent(2));
        }
        assertThat(firsts(1000)).containsOnlyKeys(agent(1));
        for (int i = 0; i < 6; i++) {
            choice.closed("db", agent(2));
        }
        assertThat(firsts(1000)).containsOnlyKeys(agent(2));
    }

    @Test
    void amongManyTheMostLoadedIsNeverTaken() {
        for (int i = 0; i < 10; i++) {
            add(i, Health.HEALTHY, 1, i);
        }
        Map<UUID, Integer> firsts = firsts(5000);
        assertThat(firsts.get(agent(0))).isGreaterThan(firsts.get(agent(5)));
        assertThat(firsts).doesNotContainKey(agent(9));
    }

    @Test
    void sessionsSpreadByWeight() {
        add(1, Health.HEALTHY, 1, 0);
        add(2, Health.HEALTHY, 3, 0);
        // WHEN many sessions come and stay
        Map<UUID, Integer> got = new HashMap<>();
        for (int i = 0; i < 400; i++) {
            UUID chosen = agents(choice.pick(DB, replicas, now)).getFirst();
            choice.opened("db", chosen);
            got.merge(chosen, 1, Integer::sum);
        }
        // THEN each has its share
        assertThat(got.get(agent(1))).isBetween(90, 110);
        assertThat(got.get(agent(2))).isBetween(290, 310);
    }

    @Test
    void weightZeroIsOnlyForThoseWhoNameIt() {
        add(1, Health.HEALTHY, 0, 0);
        assertThat(choice.pick(DB, replicas, now).refusal()).contains(Refusal.ALL_STANDBY);
        add(2, Health.UNHEALTHY, 1, 0);
        assertThat(agents(choice.pick(DB, replicas, now))).containsExactly(agent(2));
    }

    @Test
    void aNewReplicaStartsSlowly() {
        add(1, Health.HEALTHY, 100, 0);
        replicas.add(replica(2, Health.HEALTHY, 100, 0, now));
        Map<UUID, Integer> atFirst = spread(400);
        assertThat(atFirst.get(agent(2))).isBetween(20, 60);
        now += Choice.SLOW_START.dividedBy(2).toNanos();
        assertThat(spread(400).get(agent(2))).isBetween(120, 170);
        now += Choice.SLOW_START.dividedBy(2).toNanos();
        assertThat(spread(400).get(agent(2))).isBetween(190, 210);
    }

    @Test
    void afterAFailedDialAReplicaIsLeftAloneForAWhileThatDoubles() {
        add(1, Health.HEALTHY, 1, 0);
        add(2, Health.HEALTHY, 1, 100);
        choice.failed("db", agent(1), "connection refused", now);
        assertThat(firsts(100)).containsOnlyKeys(agent(2));
        assertThat(reason(1)).isEqualTo("left alone for 2 s after 1 failed dial: connection refused");
        after(Ejections.FIRST);
        assertThat(firsts(100)).containsOnlyKeys(agent(1));
        // again: twice as long
        choice.failed("db", agent(1), "connection refused", now);
        assertThat(reason(1)).isEqualTo("left alone for 4 s after 2 failed dials: connection refused");
        after(Duration.ofMillis(3999));
        assertThat(firsts(100)).containsOnlyKeys(agent(2));
        after(Duration.ofMillis(1));
        assertThat(firsts(100)).containsOnlyKeys(agent(1));
        // a dial that succeeds ends it, and the next failure is a first one
        choice.failed("db", agent(1), "connection refused", now);
        choice.opened("db", agent(1));
        assertThat(firsts(100)).containsOnlyKeys(agent(1));
        choice.failed("db", agent(1), "x", now);
        assertThat(reason(1)).isEqualTo("left alone for 2 s after 1 failed dial: x");
        // another resource of the agent is another matter
        assertThat(choice.pick(Question.of("other"), replicas, now).verdicts())
                .extracting(Verdict::standing)
                .containsOnly(Standing.HEALTHY);
    }

    @Test
    void neverLongerThanAMinute() {
        add(1, Health.HEALTHY, 1, 0);
        for (int i = 0; i < 100; i++) {
            choice.failed("db", agent(1), "x", now);
        }
        assertThat(reason(1)).startsWith("left alone for 60 s after 100 failed dials");
        // and better than nobody all the while
        assertThat(agents(choice.pick(DB, replicas, now))).containsExactly(agent(1));
    }

    @Test
    void eachAgentIsTriedByAllItsWaysTheNearestFirst() {
        Replica one = replica(1, Health.HEALTHY, 1, 0, now - Duration.ofHours(1).toNanos());
        replicas.add(new Replica(one.agentId(), one.agentName(), one.resource(), List.of("here", "there"), one.healthyNanos()));
        assertThat(choice.pick(DB, replicas, now).candidates())
                .extracting(Candidate::gatewayId)
                .containsExactly("here", "there");
    }

    @Test
    void aUserWaitsForFiveAgentsAtMost() {
        for (int i = 0; i < 20; i++) {
            add(i, Health.HEALTHY, 1, 0);
        }
        Pick pick = choice.pick(DB, replicas, now);
        assertThat(pick.candidates()).hasSize(Choice.MAX_AGENTS);
        assertThat(agents(pick)).doesNotHaveDuplicates();
        assertThat(pick.verdicts()).hasSize(20);
    }

    private String reason(int agent) {
        return choice.pick(DB, replicas, now).verdicts().stream()
                .filter(verdict -> verdict.agentId().equals(agent(agent)))
                .findFirst()
                .orElseThrow()
                .reason();
    }

    private Map<UUID, Integer> firsts(int times) {
        Map<UUID, Integer> firsts = new HashMap<>();
        for (int i = 0; i < times; i++) {
            firsts.merge(agents(choice.pick(DB, replicas, now)).getFirst(), 1, Integer::sum);
        }
        return firsts;
    }

    /** Sessions that come, stay, and are gone in the end. */
    private Map<UUID, Integer> spread(int times) {
        Map<UUID, Integer> got = new HashMap<>();
        for (int i = 0; i < times; i++) {
            UUID chosen = agents(choice.pick(DB, replicas, now)).getFirst();
            choice.opened("db", chosen);
            got.merge(chosen, 1, Integer::sum);
        }
        got.forEach((agent, count) -> {
            for (int i = 0; i < count; i++) {
                choice.closed("db", agent);
            }
        });
        return got;
    }

    private static List<UUID> agents(Pick pick) {
        return pick.candidates().stream().map(Candidate::agentId).toList();
    }

    private void add(int agent, Health health, int weight, int load) {
        replicas.add(replica(agent, health, weight, load, now - Duration.ofHours(1).toNanos()));
    }

    private static Replica replica(int agent, Health health, int weight, int load, long healthyNanos) {
        Resource resource = Resource.newBuilder()
                .setName("db")
                .setWeight(weight)
                .setHealth(ResourceHealth.newBuilder()
                        .setHealth(health)
                        .setDetail(health == Health.UNHEALTHY ? "why" : "")
                        .setTunnels(load))
                .build();
        return new Replica(agent(agent), "agent-" + agent, resource, List.of("g1"), healthyNanos);
    }

    private void after(Duration passed) {
        now += passed.toNanos();
    }
}
