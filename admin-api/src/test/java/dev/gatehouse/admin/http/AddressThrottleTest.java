package dev.gatehouse.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AddressThrottleTest {

    private long now = Long.MAX_VALUE - 1;
    private final AddressThrottle throttle = new AddressThrottle(() -> now);

    @Test
    void allowsABurstThenOneForEachRefill() {
        for (int i = 0; i < AddressThrottle.BURST; i++) {
            assertThat(throttle.take("a")).isTrue();
        }
        assertThat(throttle.take("a")).isFalse();
        assertThat(throttle.take("b")).as("another address").isTrue();
        now += AddressThrottle.REFILL.toNanos(); // the clock wraps here
        assertThat(throttle.take("a")).isTrue();
        assertThat(throttle.take("a")).isFalse();
    }
}
