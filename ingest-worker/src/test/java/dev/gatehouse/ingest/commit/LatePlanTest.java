package dev.gatehouse.ingest.commit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.ingest.commit.LatePlan.Gap;
import dev.gatehouse.protocol.stream.Chunk;
import dev.gatehouse.shared.segment.ChunkFacts;
import dev.gatehouse.shared.segment.SegmentEntry;
import io.vertx.core.buffer.Buffer;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LatePlanTest {

    private static final UUID STREAM = new UUID(1, 1);
    private static final OffsetDateTime THEN = OffsetDateTime.parse("2026-01-01T00:00:00Z");
    private static final OffsetDateTime NOW = OffsetDateTime.parse("2026-02-01T00:00:00Z");
    private static final Chunk.Fin FIN = new Chunk.Fin(5, Buffer.buffer(new byte[32]));

    @Test
    void whatIsThereIsDroppedAndWhatFollowsIsCommitted() {
        LatePlan plan = plan(standing(5, false), true, 3, 4, 5, 6);
        assertThat(committed(plan)).containsExactly(5L, 6L);
        assertThat(plan.streams().getFirst().next()).isEqualTo(7);
        assertThat(plan.streams().getFirst().lastCrc()).hasValue(6);
        assertThat(plan.waiting()).isFalse();
    }

    @Test
    void nothingNewChangesNothing() {
        assertThat(plan(standing(5, false), true, 3, 4)).isEqualTo(new LatePlan(List.of(), List.of(), false));
    }

    @Test
    void aGapShrinksSplitsAndGoes() {
        assertThat(gaps(plan(standing(9, false, gap(2, 8)), true, 4, 5))).containsExactly(gap(2, 4), gap(6, 8));
        assertThat(gaps(plan(standing(9, false, gap(2, 8)), true, 2, 3))).containsExactly(gap(4, 8));
        assertThat(gaps(plan(standing(9, false, gap(2, 8)), true, 6, 7, 8))).containsExactly(gap(2, 6));
        assertThat(gaps(plan(standing(9, false, gap(0, 1), gap(2, 4)), true, 2, 3)))
                .containsExactly(gap(0, 1));
    }

    @Test
    void aGapFilledUpToTheEndGivesTheLastCrcAndOneBeforeItDoesNot() {
        assertThat(plan(standing(8, false, gap(2, 8)), true, 7)
                        .streams()
                        .getFirst()
                        .lastCrc())
                .hasValue(7);
        LatePlan.Moved before =
                plan(standing(9, false, gap(2, 8)), true, 7).streams().getFirst();
        assertThat(before.reaches()).isFalse();
        assertThat(before.next()).isEqualTo(9);
    }

    @Test
    void whatLiesBeyondAHoleWaits() {
        LatePlan plan = plan(standing(3, false), true, 3, 5, 6);
        assertThat(committed(plan)).containsExactly(3L);
        assertThat(plan.waiting()).isTrue();
        assertThat(plan(standing(3, true), true, 5).waiting())
                .as("a closed stream gets no more")
                .isFalse();
    }

    @Test
    void afterTheWaitWhatIsMissingBecomesAGap() {
        LatePlan plan = plan(standing(3, false), false, 5, 6, 8);
        assertThat(committed(plan)).containsExactly(5L, 6L, 8L);
        assertThat(gaps(plan)).containsExactly(new Gap(3, 5, NOW), new Gap(7, 8, NOW));
        assertThat(plan.waiting()).isFalse();
    }

    @Test
    void aStreamWithoutARowWaitsAsItsAgentMayComeBack() {
        List<SegmentEntry> entries = List.of(entry(0, 0));
        assertThat(LatePlan.of(entries, every -> true, Map.of(), Map.of(), true, NOW))
                .isEqualTo(new LatePlan(List.of(), List.of(), true));
        assertThat(LatePlan.of(entries, every -> true, Map.of(), Map.of(), false, NOW)
                        .waiting())
                .isFalse();
        assertThat(LatePlan.of(entries, every -> false, Map.of(), Map.of(), true, NOW)
                        .waiting())
                .as("not asked for")
                .isFalse();
    }

    @Test
    void theLastChunkEndsItsStream() {
        List<SegmentEntry> entries = List.of(entry(3, 0), entry(4, ChunkFacts.FIN));
        LatePlan plan =
                LatePlan.of(entries, every -> true, Map.of(STREAM, standing(3, false)), Map.of(STREAM, FIN), true, NOW);
        assertThat(plan.streams().getFirst().fin()).hasValue(FIN);
    }

    private static LatePlan plan(LatePlan.Standing standing, boolean patient, long... sequences) {
        List<SegmentEntry> entries = new ArrayList<>();
        for (long sequence : sequences) {
            entries.add(entry(sequence, 0));
        }
        return LatePlan.of(entries, every -> true, Map.of(STREAM, standing), Map.of(), patient, NOW);
    }

    private static LatePlan.Standing standing(long next, boolean closed, Gap... gaps) {
        return new LatePlan.Standing(STREAM, next, closed, List.of(gaps));
    }

    private static Gap gap(long first, long next) {
        return new Gap(first, next, THEN);
    }

    private static List<Long> committed(LatePlan plan) {
        return plan.chunks().stream().map(late -> late.entry().sequence()).toList();
    }

    private static List<Gap> gaps(LatePlan plan) {
        return plan.streams().getFirst().gaps();
    }

    /** With its number as CRC. */
    private static SegmentEntry entry(long sequence, int flags) {
        ChunkFacts facts = new ChunkFacts(ChunkFacts.State.WHOLE, 0, 0, 0, 0, flags, (int) sequence, 100, 10, 0);
        return new SegmentEntry(STREAM, 0, STREAM, sequence, 0, 180, facts);
    }
}
