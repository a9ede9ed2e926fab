package dev.gatehouse.e2e.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Capture from spool to database, run by virtual time through faults that a seed decides: at each step what is acknowledged is durable, once and in order; at the end nothing is stuck.
 *
 * <p>{@code -Dsimulation.seed=N} replays one seed with a trace, {@code -Dsimulation.seeds=N} runs more.
 */
class SimulationTest {

    private static final int STEPS = 10_000;
    private static final int SEEDS = 200;
    private static final int SHOWN = 10;

    private long acked;
    private long durable;
    private long forks;
    private long restores;
    private long rewinds;
    private long unknowns;
    private long refusals;

    @Test
    void ackedIsDurableOnceAndInOrderAndNothingIsStuck() {
        Long one = Long.getLong("simulation.seed");
        List<String> failures = new ArrayList<>();
        long first = one == null ? 0 : one;
        long count = one == null ? Long.getLong("simulation.seeds", SEEDS) : 1;
        for (long seed = first; seed < first + count && failures.size() < SHOWN; seed++) {
            run(seed, one != null, failures);
        }
        assertThat(failures).isEmpty();
        if (one == null) { // or it has shown nothing
            assertThat(durable).as("chunks durable").isGreaterThan(100 * count);
            assertThat(acked).as("chunks acknowledged").isGreaterThan(100 * count);
            assertThat(rewinds).as("rewinds").isGreaterThan(count / 10);
            assertThat(unknowns).as("commits of unknown outcome").isGreaterThan(count / 10);
            assertThat(restores).as("disks replaced by an older copy").isGreaterThan(count / 10);
            assertThat(refusals).as("commits refused for their data").isGreaterThan(count / 10);
            assertThat(forks).as("forks").isPositive();
        }
    }

    @Test
    void theSameSeedIsTheSameRun() {
        World first = new World(7, false);
        first.run(STEPS);
        World second = new World(7, false);
        second.run(STEPS);
        assertThat(second.clock.steps()).isEqualTo(first.clock.steps());
        assertThat(second.clock.now()).isEqualTo(first.clock.now());
        assertThat(second.truth.acked).isEqualTo(first.truth.acked);
    }

    private void run(long seed, boolean traced, List<String> failures) {
        World world = new World(seed, traced);
        try {
            world.run(STEPS);
        } catch (RuntimeException | AssertionError e) {
            if (traced) {
                e.printStackTrace();
            }
            failures.add("seed " + seed + ", step " + world.clock.steps() + ": " + e
                    + "\n  replay: mvn -o -pl e2e -am test -Dtest=SimulationTest"
                    + " -Dsurefire.failIfNoSpecifiedTests=false -Dsimulation.seed=" + seed);
        }
        acked += world.truth.acked;
        durable += world.truth.durableCount();
        forks += world.forks;
        restores += world.truth.losers.size();
        rewinds += world.rewinds;
        unknowns += world.unknowns;
        refusals += world.refusals;
    }
}
