package dev.gatehouse.standalone.fleet;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BackoffTest {

    private final Backoff backoff = new Backoff();

    @Test
    void doublesUpToItsLongestWhileTheProcessDiesYoung() {
        List<Duration> pauses =
                Stream.generate(() -> backoff.died(ofSeconds(59))).limit(7).toList();
        assertThat(pauses.stream().map(Duration::toSeconds)).containsExactly(1L, 2L, 4L, 8L, 16L, 30L, 30L);
    }

    @Test
    void beginsAnewAfterAGoodLife() {
        backoff.died(ZERO);
        backoff.died(ZERO);
        assertThat(backoff.died(ofSeconds(60))).isEqualTo(ofSeconds(1));
        assertThat(backoff.died(ZERO)).isEqualTo(ofSeconds(2));
    }
}
