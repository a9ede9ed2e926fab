package dev.gatehouse.ingest.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.shared.segment.BlockRef;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class IndexBatchTest {

    @Test
    void takesWholeTasksWhileThereIsRoom() {
        TaskChunks one = task(0, true, 0, 1, 2);
        TaskChunks two = task(0, true, 0, 4);
        IndexBatch batch = IndexBatch.cut(List.of(one, two), 1000);
        assertThat(batch.steps())
                .containsExactly(
                        new TaskRows.Step(one.task().segmentId(), 0, 3, true),
                        new TaskRows.Step(two.task().segmentId(), 0, 5, true));
        assertThat(batch.chunks()).hasSize(5);
        assertThat(batch.rest()).isEmpty();
    }

    @Test
    void aLargeTaskIsTakenInPartsThatJoinWithoutHoles() {
        TaskChunks large = task(0, true, 0, 3, 4, 9);
        IndexBatch first = IndexBatch.cut(List.of(large), 20);
        assertThat(first.steps()).containsExactly(new TaskRows.Step(large.task().segmentId(), 0, 4, false));
        IndexBatch second = IndexBatch.cut(first.rest(), 20);
        assertThat(second.steps())
                .containsExactly(new TaskRows.Step(large.task().segmentId(), 4, 10, true));
        assertThat(second.rest()).isEmpty();
    }

    @Test
    void aTaskOfWhichMoreIsStoredIsNotFinished() {
        TaskChunks part = task(0, false, 0, 1);
        assertThat(IndexBatch.cut(List.of(part), 1000).steps())
                .containsExactly(new TaskRows.Step(part.task().segmentId(), 0, 2, false));
    }

    @Test
    void aTaskWithNothingLeftIsFinished() {
        TaskChunks empty = task(5, true);
        assertThat(IndexBatch.cut(List.of(empty), 1000).steps())
                .containsExactly(new TaskRows.Step(empty.task().segmentId(), 5, 5, true));
    }

    private static TaskChunks task(int nextBlock, boolean complete, int... blocks) {
        UUID segment = UUID.randomUUID();
        return new TaskChunks(
                new IndexTask(segment, OffsetDateTime.MIN, 0, nextBlock, 1),
                IntStream.of(blocks)
                        .mapToObj(block -> new EventChunk(
                                new BlockRef(segment, block, segment, 0, 0), block, 10, Optional.empty()))
                        .toList(),
                complete);
    }
}
