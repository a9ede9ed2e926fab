package dev.gatehouse.e2e.nemesis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.e2e.nemesis.Nemesis.Kind;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ScheduleTest {

    private static final Targets TARGETS = new Targets(
            List.of("gateway-1", "gateway-2", "ingest-worker-1"),
            List.of("postgres", "redis", "s3"),
            List.of("demo"),
            List.of("agents-gateway-1", "services-postgres"));
    private static final Duration MINUTE = Duration.ofSeconds(60);

    @Test
    void aSeedIsOneScheduleAndAnotherSeedAnother() {
        assertThat(Schedule.of(7, MINUTE, TARGETS)).isEqualTo(Schedule.of(7, MINUTE, TARGETS));
        assertThat(Schedule.of(8, MINUTE, TARGETS).nemeses())
                .isNotEqualTo(Schedule.of(7, MINUTE, TARGETS).nemeses());
    }

    @Test
    void eachKindComesInTheFirstMinuteAndOftenTwoAtOnce() {
        for (Schedule schedule : schedules(MINUTE)) {
            assertThat(schedule.nemeses()).extracting(Nemesis::kind).contains(Kind.values());
            assertThat(schedule.nemeses().stream().filter(one -> overlaps(schedule, one)))
                    .as(schedule.toString())
                    .hasSizeGreaterThan(schedule.nemeses().size() / 4);
            assertThat(schedule.ends()).isBetween(MINUTE.dividedBy(2), MINUTE.plusSeconds(17));
        }
    }

    @Test
    void noTargetIsInTwoNemesesAtATimeAndKindsFitTheirTargets() {
        for (Schedule schedule : schedules(Duration.ofMinutes(10))) {
            for (Nemesis one : schedule.nemeses()) {
                assertThat(schedule.nemeses())
                        .filteredOn(other ->
                                !other.equals(one) && other.target().equals(one.target()) && atOnce(one, other))
                        .as(schedule.toString())
                        .isEmpty();
                assertThat(TARGETS.ways().contains(one.target()))
                        .isEqualTo(one.kind().ofWay());
            }
        }
    }

    @Test
    void aFrozenServiceIsMissed() {
        Duration heartbeatLimit = Duration.ofSeconds(12);
        for (Schedule schedule : schedules(MINUTE)) {
            assertThat(schedule.nemeses())
                    .filteredOn(one ->
                            one.kind() == Kind.FREEZE && TARGETS.services().contains(one.target()))
                    .allMatch(one -> one.lasts().compareTo(heartbeatLimit) > 0);
        }
    }

    @Test
    void saysWhatItIs() {
        assertThat(new Nemesis(Kind.CUT_THERE, "services-redis", Duration.ofMillis(12_340), Duration.ofMillis(2_000)))
                .hasToString("  12.3 s  cut there services-redis for 2.0 s");
        assertThat(new Schedule(3, List.of())).hasToString("seed 3:\n");
    }

    private static List<Schedule> schedules(Duration length) {
        return LongStream.range(0, 50)
                .mapToObj(seed -> Schedule.of(seed, length, TARGETS))
                .toList();
    }

    private static boolean overlaps(Schedule schedule, Nemesis one) {
        return schedule.nemeses().stream().anyMatch(other -> !other.equals(one) && atOnce(one, other));
    }

    private static boolean atOnce(Nemesis one, Nemesis other) {
        return one.at().compareTo(other.ends()) < 0 && other.at().compareTo(one.ends()) < 0;
    }
}
