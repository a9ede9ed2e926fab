package dev.gatehouse.shared.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProbeVerdictTest {

    private static final long START = -5_000_000_000L; // nanoTime may be anything
    private final ProbeVerdict verdict = new ProbeVerdict(Duration.ofSeconds(15), START);

    @Test
    void isSickWhenNothingComesBackForTheLimit() {
        assertThat(verdict.failed("b", 2, at(3))).isFalse();
        assertThat(verdict.failed("c", 2, at(6))).isFalse();
        assertThat(verdict.failed("b", 2, at(14))).isFalse();
        assertThat(verdict.failed("c", 2, at(15))).isTrue();
    }

    @Test
    void oneThatComesBackSetsItRight() {
        verdict.failed("b", 2, at(3));
        verdict.failed("c", 2, at(13));
        verdict.succeeded(at(14));
        assertThat(verdict.failed("b", 2, at(16))).isFalse();
        assertThat(verdict.failed("c", 2, at(28))).isFalse();
        assertThat(verdict.failed("c", 2, at(29))).isTrue();
    }

    @Test
    void oneOtherThatIsFrozenIsNotEnoughWhereThereAreMore() {
        assertThat(verdict.failed("b", 2, at(20))).isFalse();
        assertThat(verdict.failed("b", 2, at(40))).isFalse();
        assertThat(verdict.failed("c", 2, at(41))).isTrue();
    }

    @Test
    void withOneOtherThatOneIsEnough() {
        assertThat(verdict.failed("b", 1, at(14))).isFalse();
        assertThat(verdict.failed("b", 1, at(15))).isTrue();
    }

    @Test
    void aloneNobodyIsSick() {
        verdict.failed("b", 1, at(14));
        verdict.alone(at(100));
        assertThat(verdict.failed("b", 1, at(103))).isFalse();
        assertThat(verdict.failed("b", 1, at(115))).isTrue();
    }

    private static long at(int seconds) {
        return START + Duration.ofSeconds(seconds).toNanos();
    }
}
