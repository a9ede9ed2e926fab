package dev.gatehouse.agent.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RedialTest {

    private final Redial redial = new Redial(new Random(1));

    @Test
    void jitterIsFullAndDoublesUpToHalfAMinute() {
        long most = Redial.FIRST.toMillis();
        for (int i = 0; i < 30; i++) {
            assertThat(redial.failed(Duration.ZERO, Duration.ZERO).toMillis()).isBetween(0L, most);
            most = Math.min(most * 2, Redial.LONGEST.toMillis());
        }
        // fleets must not come back together: the waits differ
        assertThat(java.util.stream.IntStream.range(0, 100)
                        .mapToObj(i -> redial.failed(Duration.ZERO, Duration.ZERO))
                        .distinct()
                        .count())
                .isGreaterThan(90);
    }

    @Test
    void aLinkThatHeldStartsTheCountAfresh() {
        for (int i = 0; i < 10; i++) {
            redial.failed(Duration.ZERO, Duration.ZERO);
        }
        assertThat(redial.failed(Redial.HELD, Duration.ZERO)).isLessThanOrEqualTo(Redial.FIRST);
    }

    @Test
    void whatTheGatewayAsksForIsWaited() {
        for (int i = 0; i < 100; i++) {
            assertThat(redial.failed(Duration.ZERO, Duration.ofSeconds(10)))
                    .isBetween(Duration.ofSeconds(10), Duration.ofMillis(12_700));
        }
    }

    @Test
    void httpsIsTriedOnlyWhenNothingElseGetsThrough() {
        Targets targets = new Targets(List.of("balancer:10000"), true, new Random(1));
        for (int i = 0; i < 2; i++) {
            assertThat(targets.next(Optional.empty()).webSocket()).isFalse();
            targets.unreachable();
        }
        assertThat(targets.next(Optional.empty()).webSocket()).isTrue();
        targets.unreachable();
        assertThat(targets.next(Optional.empty()).webSocket()).isFalse(); // both, by turns
        targets.reached();
        assertThat(targets.next(Optional.empty()).webSocket()).isFalse();
    }

    @Test
    void theSecondLinkPrefersGatewaysThatItKnowsToBeOthers() {
        Targets targets = new Targets(List.of("balancer:10000"), true, new Random(1));
        targets.listed(Map.of("g1", "one:10000", "g2", "two:10000", "g3", ""));
        assertThat(targets.others("g1")).isEqualTo(2);
        assertThat(targets.next(Optional.of("g1")).address()).isEqualTo("two:10000");
        assertThat(targets.next(Optional.of("g1")).address()).isEqualTo("balancer:10000");
    }
}
