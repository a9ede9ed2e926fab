package dev.gatehouse.admin.signin;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LoginThrottleTest {

    private long now = Long.MAX_VALUE - 1;
    private final LoginThrottle throttle = new LoginThrottle(() -> now);

    @Test
    void allowsABurstThenOneForEachRefill() {
        for (int i = 0; i < LoginThrottle.BURST; i++) {
            assertThat(throttle.take("a")).isTrue();
        }
        assertThat(throttle.take("a")).isFalse();
        assertThat(throttle.take("b")).as("another address").isTrue();
        now += LoginThrottle.REFILL.toNanos(); // the clock wraps here
        assertThat(throttle.take("a")).isTrue();
        assertThat(throttle.take("a")).isFalse();
    }
}
