package dev.gatehouse.e2e.nemesis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LatenessTest {

    private static final Instant T = Instant.parse("2026-11-26T12:00:00Z");

    @Test
    void findsTheLatestChunksOfTheTime() {
        Lateness lateness = new Lateness();
        chunk(lateness, "s/0", 0, 9_000); // before the time that is asked for
        chunk(lateness, "s/1", 10_000, 10_050);
        lateness.event("s/1", T.plusMillis(9_990)); // the last event of a chunk counts
        chunk(lateness, "s/2", 11_000, 12_500);
        chunk(lateness, "s/3", 20_000, 29_000); // after it
        lateness.event("s/4", T.plusMillis(12_000)); // not acknowledged: its ack was lost, it is sent again
        assertThat(lateness.latest(T.plusSeconds(10), T.plusSeconds(20), 5))
                .containsExactly(
                        new Lateness.Late("s/2", T.plusMillis(11_000), Duration.ofMillis(1_500)),
                        new Lateness.Late("s/1", T.plusMillis(10_000), Duration.ofMillis(50)));
        assertThat(lateness.latest(T.plusSeconds(10), T.plusSeconds(20), 1))
                .hasToString("[chunk s/2, captured at 2026-11-26T12:00:11Z, acknowledged 1500 ms later]");
        assertThat(lateness.latest(T.plusSeconds(30), T.plusSeconds(40), 5)).isEmpty();
    }

    private static void chunk(Lateness lateness, String name, long captured, long acknowledged) {
        lateness.event(name, T.plusMillis(captured));
        lateness.ack(name, T.plusMillis(acknowledged));
    }
}
