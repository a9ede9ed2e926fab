package dev.gatehouse.shared.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class FreezeWatchTest {

    private static final long START = 77;
    private final FreezeWatch watch = new FreezeWatch(Duration.ofSeconds(12), START);

    @Test
    void aLongGapWhileThereWereOthersIsTold() {
        assertThat(watch.tick(true, at(1))).isZero();
        assertThat(watch.tick(true, at(13))).as("exactly the limit").isZero();
        // it stood still; when it wakes up it may see nobody
        assertThat(watch.tick(false, at(73))).isEqualTo(Duration.ofSeconds(60));
        assertThat(watch.tick(false, at(74))).isZero();
    }

    @Test
    void whoIsAloneMayStandStill() {
        assertThat(watch.tick(false, at(1))).isZero();
        assertThat(watch.tick(false, at(1000))).isZero();
        assertThat(watch.tick(true, at(2000)))
                .as("there was nobody before who could have gone on without it")
                .isZero();
    }

    private static long at(int seconds) {
        return START + Duration.ofSeconds(seconds).toNanos();
    }
}
