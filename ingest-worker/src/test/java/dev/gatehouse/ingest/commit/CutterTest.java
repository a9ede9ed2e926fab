package dev.gatehouse.ingest.commit;

import static dev.gatehouse.ingest.commit.Cutter.Decision.INLINE;
import static dev.gatehouse.ingest.commit.Cutter.Decision.SEGMENT;
import static dev.gatehouse.ingest.commit.Cutter.Decision.WAIT;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CutterTest {

    private static final int KIB = 1024;

    private final Cutter cutter = new Cutter(new CommitLimits(64 * KIB, 16 * KIB * KIB, 4));
    private final long now = Long.MAX_VALUE - 1000; // nanoTime may wrap

    @Test
    void littleGoesInlineAtOnce() {
        assertThat(cutter.decide(1, now, 0, false, now)).isEqualTo(INLINE);
    }

    @Test
    void oneInlineCommitIsUnderWayAtATimeAndTheNextTakesWhatGathered() {
        assertThat(cutter.decide(1, now, 0, true, now)).isEqualTo(WAIT);
        assertThat(cutter.wait(1, now, 0, true, now)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void inlineBytesArePaced() {
        long bytes = 60 * KIB;
        cutter.cutInline(bytes, now);
        long pause = bytes * 1_000_000_000L / Cutter.INLINE_RATE;
        assertThat(cutter.decide(1, now, 0, false, now + pause - 1)).isEqualTo(WAIT);
        assertThat(cutter.wait(1, now, 0, false, now + pause - 1)).isEqualTo(1);
        assertThat(cutter.decide(1, now, 0, false, now + pause)).isEqualTo(INLINE);
    }

    @Test
    void aSegmentWaitsAMomentForMore() {
        assertThat(cutter.decide(64 * KIB, now, 0, false, now)).isEqualTo(WAIT);
        assertThat(cutter.wait(64 * KIB, now, 0, false, now)).isEqualTo(Cutter.LINGER);
        assertThat(cutter.decide(64 * KIB, now, 0, false, now + Cutter.LINGER)).isEqualTo(SEGMENT);
    }

    @Test
    void aLargeSegmentWaitsOnlyForASlot() {
        assertThat(cutter.decide(Cutter.ENOUGH, now, 3, false, now)).isEqualTo(SEGMENT);
        assertThat(cutter.decide(Cutter.ENOUGH, now, 4, false, now)).isEqualTo(WAIT);
        assertThat(cutter.wait(Cutter.ENOUGH, now, 4, false, now)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void nothingIsNeverCut() {
        long later = now + Duration.ofHours(1).toNanos();
        assertThat(cutter.decide(0, now, 0, false, later)).isEqualTo(WAIT);
        assertThat(cutter.wait(0, now, 0, false, later)).isEqualTo(Long.MAX_VALUE);
    }
}
