package dev.gatehouse.ingest.rollup;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RollupTest {

    private static final UUID AGENT = new UUID(1, 1);
    private static final long HOUR = 490_000L * Rollup.HOUR_MICROS;

    private final Rollup rollup = new Rollup();

    @Test
    void sumsByHourAgentUserApplicationAndKind() {
        rollup.add(HOUR, AGENT, "alice", "editor", "window", 5);
        rollup.add(HOUR + Rollup.HOUR_MICROS - 1, AGENT, "alice", "editor", "window", 7);
        rollup.add(HOUR + Rollup.HOUR_MICROS, AGENT, "alice", "editor", "window", 11);
        rollup.add(HOUR, AGENT, "bob", "editor", "window", 13);
        assertThat(rollup.sums())
                .containsEntry(key(HOUR, "alice"), new Rollup.Sum(2, 12))
                .containsEntry(key(HOUR + Rollup.HOUR_MICROS, "alice"), new Rollup.Sum(1, 11))
                .containsEntry(key(HOUR, "bob"), new Rollup.Sum(1, 13))
                .hasSize(3);
    }

    @Test
    void keysAreInOneOrderForAllWorkers() {
        rollup.add(HOUR + Rollup.HOUR_MICROS, AGENT, "a", "x", "k", 1);
        rollup.add(HOUR, AGENT, "b", "x", "k", 1);
        rollup.add(HOUR, AGENT, "a", "x", "k", 1);
        assertThat(new ArrayList<>(rollup.sums().keySet())).isSortedAccordingTo(Rollup.Key.ORDER);
    }

    @Test
    void timesBeforeTheEpochHaveAnHourToo() {
        rollup.add(-1, AGENT, "a", "x", "k", 1);
        assertThat(rollup.sums().firstKey().hour()).isEqualTo(-Rollup.HOUR_MICROS);
    }

    private static Rollup.Key key(long hour, String user) {
        return new Rollup.Key(hour, AGENT, user, "editor", "window");
    }
}
