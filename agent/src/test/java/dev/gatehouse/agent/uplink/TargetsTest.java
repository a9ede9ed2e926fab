package dev.gatehouse.agent.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TargetsTest {

    private static final long NOW = Long.MAX_VALUE - Duration.ofSeconds(10).toNanos();
    private static final long LATER = NOW + Duration.ofSeconds(20).toNanos();

    @Test
    void httpsIsTriedOnlyWhenNothingElseGetsThrough() {
        Targets targets = new Targets(List.of("balancer:10000"), true, new LeftAlone(), new Random(1));
        for (int i = 0; i < 2; i++) {
            assertThat(targets.next(Optional.empty(), NOW).webSocket()).isFalse();
            targets.unreachable();
        }
        assertThat(targets.next(Optional.empty(), NOW).webSocket()).isTrue();
        targets.unreachable();
        assertThat(targets.next(Optional.empty(), NOW).webSocket()).isFalse(); // both, by turns
        targets.reached();
        assertThat(targets.next(Optional.empty(), NOW).webSocket()).isFalse();
    }

    @Test
    void theSecondLinkPrefersGatewaysThatItKnowsToBeOthers() {
        Targets targets = new Targets(List.of("balancer:10000"), true, new LeftAlone(), new Random(1));
        targets.listed(Map.of("g1", "one:10000", "g2", "two:10000", "g3", ""));
        assertThat(targets.others("g1")).isEqualTo(2);
        assertThat(targets.next(Optional.of("g1"), NOW).address()).isEqualTo("two:10000");
        assertThat(targets.next(Optional.of("g1"), NOW).address()).isEqualTo("balancer:10000");
    }

    @Test
    void aGatewayThatAsksToBeLeftIsDialledAgainOnlyWhenItsTimeIsOver() {
        Targets targets = new Targets(List.of("one:10000", "two:10000"), true, new LeftAlone(), new Random(1));
        targets.leave(new Targets.Target("one:10000", false), "g1", LATER, NOW);
        for (int i = 0; i < 10; i++) {
            assertThat(targets.next(Optional.empty(), NOW).address()).isEqualTo("two:10000");
        }
        assertThat(targets.free(Optional.empty(), NOW)).isZero();
        targets.leave(new Targets.Target("two:10000", false), "g2", LATER + 1, NOW);
        assertThat(targets.free(Optional.empty(), NOW)).isEqualTo(Duration.ofSeconds(20));
        assertThat(targets.free(Optional.empty(), LATER)).isZero();
        assertThat(targets.next(Optional.empty(), LATER).address()).isEqualTo("one:10000");
    }

    @Test
    void theOnlyOneThereIsIsWaitedFor() {
        Targets targets = new Targets(List.of("one:10000"), true, new LeftAlone(), new Random(1));
        targets.leave(new Targets.Target("one:10000", false), "g1", LATER, NOW);
        assertThat(targets.free(Optional.empty(), NOW)).isEqualTo(Duration.ofSeconds(20));
        assertThat(targets.next(Optional.empty(), NOW).address()).isEqualTo("one:10000");
    }

    @Test
    void aBalancerLeadsToOthersThoughOneBehindItGoesAway() {
        Targets targets = new Targets(List.of("balancer:10000"), true, new LeftAlone(), new Random(1));
        targets.listed(Map.of("g1", "", "g2", ""));
        targets.leave(new Targets.Target("balancer:10000", false), "g1", LATER, NOW);
        assertThat(targets.free(Optional.empty(), NOW)).isZero();
    }

    @Test
    void theSecondSlotIsKeptAwayWhileOnlyTheFirstOnesGatewayIsFree() {
        Targets targets = new Targets(List.of("one:10000"), true, new LeftAlone(), new Random(1));
        targets.listed(Map.of("g1", "one:10000", "g2", "two:10000"));
        targets.leave(new Targets.Target("one:10000", false), "g1", LATER, NOW);
        assertThat(targets.free(Optional.empty(), NOW)).isZero();
        assertThat(targets.free(Optional.of("g2"), NOW)).isPositive();
    }
}
