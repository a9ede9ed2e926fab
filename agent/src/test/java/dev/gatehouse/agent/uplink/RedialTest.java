package dev.gatehouse.agent.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
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
}
