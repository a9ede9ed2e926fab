package dev.gatehouse.ingest.index;

import java.util.ArrayList;
import java.util.List;

/**
 * What one transaction indexes: whole tasks and, at its end, perhaps a part of one.
 *
 * @param rest what was loaded and goes into the next batch
 */
record IndexBatch(List<TaskRows.Step> steps, List<EventChunk> chunks, List<TaskChunks> rest) {

    /** Takes chunks in order until there are {@code enough} events, at least one chunk. */
    static IndexBatch cut(List<TaskChunks> loaded, int enough) {
        List<TaskRows.Step> steps = new ArrayList<>();
        List<EventChunk> chunks = new ArrayList<>();
        List<TaskChunks> rest = new ArrayList<>();
        long events = 0;
        for (TaskChunks task : loaded) {
            if (events >= enough) {
                rest.add(task);
                continue;
            }
            int taken = 0;
            while (taken < task.chunks().size() && events < enough) {
                EventChunk chunk = task.chunks().get(taken++);
                events += Math.max(1, chunk.records());
                chunks.add(chunk);
            }
            boolean all = taken == task.chunks().size();
            int from = task.task().nextBlock();
            int to = taken == 0 ? from : task.chunks().get(taken - 1).block() + 1;
            steps.add(new TaskRows.Step(task.task().segmentId(), from, to, all && task.complete()));
            if (!all) {
                rest.add(new TaskChunks(
                        task.task().movedTo(to),
                        task.chunks().subList(taken, task.chunks().size()),
                        task.complete()));
            }
        }
        return new IndexBatch(steps, chunks, rest);
    }
}
