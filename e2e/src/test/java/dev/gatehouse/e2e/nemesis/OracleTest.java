package dev.gatehouse.e2e.nemesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OracleTest {

    private final Oracle oracle = new Oracle();

    @Test
    void whatIsStoredOnceAndAsItWasWrittenIsGood() {
        write("a-1 one", "a-2 two");
        Oracle.Findings findings = oracle.against(List.of("a-2 two", "a-1 one"));
        assertThat(findings.good()).isTrue();
        assertThat(findings).hasToString("0 missing, 0 different, 0 duplicated");
    }

    @Test
    void findsWhatIsMissingDifferentAndThereTwice() {
        write("a-1 one", "a-2 two", "a-3 three");
        Oracle.Findings findings = oracle.against(List.of("a-1 one", "a-1 one", "a-2 TWO", "b-9 never written"));
        assertThat(findings.good()).isFalse();
        assertThat(findings.missing()).containsExactly("a-2 two", "a-3 three");
        assertThat(findings.different()).containsExactly("a-2 TWO", "b-9 never written");
        assertThat(findings.duplicated()).containsExactly("a-1 one");
        assertThat(findings)
                .hasToString(
                        "2 missing [a-2 two, a-3 three], 2 different [a-2 TWO, b-9 never written], 1 duplicated [a-1 one]");
    }

    @Test
    void showsSomeOfMany() {
        IntStream.range(0, 100).forEach(i -> oracle.written("a-" + i));
        assertThat(oracle.against(List.of()).toString().split(", a-")).hasSize(10);
        assertThat(oracle.against(List.of()).toString()).startsWith("100 missing [a-0, a-1, a-10,");
    }

    @Test
    void refusesALoadThatWritesAKeyTwice() {
        write("a-1 one");
        assertThatThrownBy(() -> oracle.written("a-1 other")).hasMessage("written twice: a-1 other");
    }

    private void write(String... texts) {
        List.of(texts).forEach(oracle::written);
    }
}
