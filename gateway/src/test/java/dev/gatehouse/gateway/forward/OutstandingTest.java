package dev.gatehouse.gateway.forward;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OutstandingTest {

    @Test
    void countsLikeAPlainQueue() {
        Random random = new Random(7);
        Outstanding outstanding = new Outstanding();
        ArrayDeque<long[]> model = new ArrayDeque<>();
        long next = 0;
        for (int step = 0; step < 100_000; step++) {
            if (random.nextInt(100) < 55) {
                int length = 1 + random.nextInt(65_536);
                outstanding.add(next, length);
                model.add(new long[] {next++, length});
            } else if (random.nextInt(200) == 0) {
                assertThat(outstanding.clear())
                        .isEqualTo(model.stream().mapToLong(e -> e[1]).sum());
                model.clear();
            } else {
                long below = Math.max(0, next - random.nextInt(20));
                long expected = 0;
                while (!model.isEmpty() && model.peek()[0] < below) {
                    expected += model.remove()[1];
                }
                assertThat(outstanding.below(below)).isEqualTo(expected);
            }
            assertThat(outstanding.isEmpty()).isEqualTo(model.isEmpty());
        }
    }
}
