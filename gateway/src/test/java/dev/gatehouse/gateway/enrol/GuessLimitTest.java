package dev.gatehouse.gateway.enrol;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class GuessLimitTest {

    private final GuessLimit limit = new GuessLimit();
    private long now = Long.MAX_VALUE - Duration.ofSeconds(1).toNanos(); // nanoTime may wrap: start before it does

    @Test
    void refusalsUseUpTriesThatGrowBack() {
        for (int i = 0; i < GuessLimit.BURST; i++) {
            assertThat(limit.waits("a", now)).isZero();
            limit.refused("a", now);
        }
        assertThat(limit.waits("a", now)).isEqualTo(GuessLimit.REGROWTH);
        assertThat(limit.waits("b", now)).isZero();
        now += GuessLimit.REGROWTH.toNanos();
        assertThat(limit.waits("a", now)).isZero();
        limit.refused("a", now);
        assertThat(limit.waits("a", now)).isPositive();
    }

    @Test
    void remembersNoMoreThanItMay() {
        for (int i = 0; i <= GuessLimit.MAX_ADDRESSES + 10; i++) {
            limit.refused("address-" + i, now);
        }
        assertThat(limit.size()).isEqualTo(GuessLimit.MAX_ADDRESSES);
    }
}
