package dev.gatehouse.background.lease;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MasterLeaseTest {

    private final MasterLease lease = new MasterLease("a");
    private long now = Long.MAX_VALUE - ofSeconds(1).toNanos(); // wraps within the test, as nanoTime may

    @Test
    void startsWithoutTheLease() {
        assertThat(lease.epoch(now)).isEmpty();
    }

    @Test
    void countsFromTheAskingAndEndsAMarginEarly() {
        long asked = now;
        pass(ofMillis(800));
        lease.answered(new MasterLease.Answer("a", 3, ofSeconds(4)), asked);
        assertThat(lease.epoch(now)).hasValue(3);
        pass(ofMillis(2_699));
        assertThat(lease.epoch(now)).hasValue(3);
        pass(ofMillis(1));
        assertThat(lease.epoch(now)).isEmpty();
    }

    @Test
    void anAnswerThatNamesAnotherEndsIt() {
        lease.answered(new MasterLease.Answer("a", 3, ofSeconds(4)), now);
        lease.answered(new MasterLease.Answer("b", 4, ofSeconds(4)), now);
        assertThat(lease.epoch(now)).isEmpty();
    }

    @Test
    void anAnswerThatComesTooLateGrantsNothing() {
        long asked = now;
        pass(ofSeconds(5));
        lease.answered(new MasterLease.Answer("a", 3, ofSeconds(4)), asked);
        assertThat(lease.epoch(now)).isEmpty();
    }

    /** Three candidates with pauses and slow answers against a model of the row: never two that believe they may act. */
    @Test
    void neverTwoMastersOverRandomSchedules() {
        for (long seed = 0; seed < 300; seed++) {
            run(seed);
        }
    }

    private static void run(long seed) {
        Random random = new Random(seed);
        MasterLease[] candidates = {new MasterLease("0"), new MasterLease("1"), new MasterLease("2")};
        MasterLease.Answer[] answers = new MasterLease.Answer[3];
        long[] askedAt = new long[3];
        long[] pausedUntil = new long[3];
        String holder = "";
        long epoch = 0;
        long expires = 0;
        for (long time = 0; time < ofSeconds(60).toNanos(); time += ofMillis(50).toNanos()) {
            int c = random.nextInt(3);
            if (time >= pausedUntil[c]) {
                if (answers[c] != null && random.nextInt(3) == 0) { // the answer arrives some time later
                    candidates[c].answered(answers[c], askedAt[c]);
                    answers[c] = null;
                } else if (answers[c] == null) {
                    askedAt[c] = time;
                    String self = Integer.toString(c);
                    if (holder.equals(self) && expires > time) {
                        expires = time + MasterLease.TTL.toNanos();
                    } else if (expires <= time) {
                        holder = self;
                        epoch++;
                        expires = time + MasterLease.TTL.toNanos();
                    }
                    answers[c] = new MasterLease.Answer(holder, epoch, Duration.ofNanos(expires - time));
                }
                if (random.nextInt(100) == 0) {
                    pausedUntil[c] = time + ofMillis(random.nextInt(10_000)).toNanos();
                }
            }
            int masters = 0;
            for (MasterLease candidate : candidates) {
                OptionalLong acts = candidate.epoch(time);
                if (acts.isPresent()) {
                    masters++;
                    assertThat(acts.getAsLong()).as("seed %d", seed).isEqualTo(epoch);
                }
            }
            assertThat(masters).as("masters at once, seed %d", seed).isLessThanOrEqualTo(1);
        }
        assertThat(epoch).as("takeovers, seed %d", seed).isPositive();
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }
}
