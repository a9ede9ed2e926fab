package dev.gatehouse.agent.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.protocol.message.Health;
import org.junit.jupiter.api.Test;

class HealthStateTest {

    private final HealthState state = new HealthState();

    @Test
    void theFirstResultDecidesAtOnce() {
        assertThat(state.health()).isEqualTo(Health.HEALTH_UNKNOWN);
        assertThat(state.failed("refused")).isTrue();
        assertThat(state.health()).isEqualTo(Health.UNHEALTHY);
        assertThat(state.detail()).isEqualTo("refused");
        assertThat(state.next()).isEqualTo(HealthState.PERIOD);
    }

    @Test
    void oneFailureIsADoubtAndTwoInARowAreAnOutage() {
        // GIVEN a healthy target
        state.succeeded();
        // WHEN a check fails
        assertThat(state.failed("refused")).isFalse();
        // THEN it is checked again soon, and believed the second time
        assertThat(state.health()).isEqualTo(Health.HEALTHY);
        assertThat(state.next()).isEqualTo(HealthState.AGAIN);
        assertThat(state.failed("refused")).isTrue();
        assertThat(state.health()).isEqualTo(Health.UNHEALTHY);
        assertThat(state.next()).isEqualTo(HealthState.PERIOD);
    }

    @Test
    void aResultInBetweenEndsTheDoubt() {
        state.succeeded();
        state.failed("refused");
        assertThat(state.succeeded()).isFalse();
        assertThat(state.next()).isEqualTo(HealthState.PERIOD);
        assertThat(state.failed("refused")).isFalse();
        assertThat(state.health()).isEqualTo(Health.HEALTHY);
    }

    @Test
    void itComesBackAsItWent() {
        state.failed("refused");
        assertThat(state.succeeded()).isFalse();
        assertThat(state.next()).isEqualTo(HealthState.AGAIN);
        assertThat(state.succeeded()).isTrue();
        assertThat(state.health()).isEqualTo(Health.HEALTHY);
        assertThat(state.detail()).isEmpty();
    }

    @Test
    void anotherReasonIsWorthTelling() {
        state.failed("refused");
        assertThat(state.failed("refused")).isFalse();
        assertThat(state.failed("no answer")).isTrue();
        assertThat(state.detail()).isEqualTo("no answer");
    }
}
