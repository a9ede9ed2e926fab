package dev.gatehouse.protocol.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WindowGrowthTest {

    private static final long MILLI = 1_000_000;

    private final WindowBudget budget = new WindowBudget(8L * 1024 * 1024);
    private final WindowGrowth growth = new WindowGrowth(budget);
    private long received;
    private long now = 1;

    @Test
    void growsOnALongPathUntilTheLinkIsFull() {
        // GIVEN 50 ms and a link of 100 MB/s, which is 5 MB on its way
        for (int i = 0; i < 20; i++) {
            roundTrip(50 * MILLI, Math.min(growth.window(), 5_000_000));
        }
        // THEN the window holds that, and not much more
        assertThat(growth.window()).isBetween(5_000_000L, 10_000_000L);
        assertThat(growth.roundTripNanos()).isEqualTo(50 * MILLI);
    }

    @Test
    void staysSmallWhereAWindowIsNeverFilled() {
        for (int i = 0; i < 20; i++) {
            roundTrip(MILLI, 50_000);
        }
        assertThat(growth.window()).isEqualTo(WindowGrowth.FIRST);
    }

    @Test
    void aQueueHoldsATenthOfASecond() {
        // GIVEN 10 MB/s whatever the window is: a larger one only waits longer
        for (int i = 0; i < 20; i++) {
            long bytes = growth.window();
            roundTrip(bytes * 100, bytes);
        }
        assertThat(growth.window()).isBetween(1_000_000L, 2_100_000L);
    }

    @Test
    void aHostThatIsBusyNowAndThenGetsALargerOne() {
        // GIVEN one quick round trip, and then slow ones
        roundTrip(MILLI, growth.window());
        for (int i = 0; i < 20; i++) {
            roundTrip(30 * MILLI, growth.window());
        }
        assertThat(growth.window()).isGreaterThan(7_000_000L);
    }

    @Test
    void keepsToTheBudgetAndGivesItBack() {
        WindowGrowth other = new WindowGrowth(budget);
        for (int i = 0; i < 20; i++) {
            roundTrip(50 * MILLI, growth.window());
        }
        assertThat(growth.window()).isEqualTo(8L * 1024 * 1024 - WindowGrowth.FIRST);
        growth.close();
        other.close();
        assertThat(budget.used()).isZero();
    }

    private void roundTrip(long nanos, long bytes) {
        int probe = growth.probe(received, now);
        assertThat(growth.probe(received, now)).as("one at a time").isZero();
        received += bytes;
        now += nanos;
        growth.echoed(probe, received, now);
    }
}
