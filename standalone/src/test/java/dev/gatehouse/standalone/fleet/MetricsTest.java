package dev.gatehouse.standalone.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class MetricsTest {

    @Test
    void sumsASamplesLabelsAndPassesOverTheRest() {
        Metrics metrics = Metrics.parse("""
                # HELP links Registered links
                # TYPE links gauge
                links 3.0
                closed_total{reason="a b"} 1.0
                closed_total{reason="} {"} 2.5 1700000000
                lag NaN
                broken
                """);
        assertThat(metrics.get("links")).isEqualTo(3);
        assertThat(metrics.get("closed_total")).isEqualTo(3.5);
        assertThat(metrics.get("lag")).isNaN();
        assertThat(metrics.get("absent")).isZero();
        assertThat(metrics.sums()).doesNotContainKey("broken");
    }

    @Test
    void ratesAreZeroOverARestart() {
        Probe before = new Probe(0, "yes", new Metrics(Map.of("chunks", 100.0)));
        Probe after = new Probe(2_000_000_000L, "yes", new Metrics(Map.of("chunks", 150.0)));
        assertThat(after.rate(before, "chunks")).isEqualTo(25);
        assertThat(before.rate(after, "chunks")).isZero();
    }
}
