package dev.gatehouse.ingest.index;

import dev.gatehouse.ingest.commit.RecentEvents;
import dev.gatehouse.shared.segment.BlockRef;
import dev.gatehouse.shared.segment.BlockSource;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Finds the chunks of tasks: in memory if their segments were committed here moments ago, else by their rows. Confined to one context. */
final class ChunkLoader {

    /** Rows of one look at the database. */
    private static final int ROWS = BlockSource.MAX_BLOCKS;

    private static final String SQL = """
            select o.nr, c.stream_id, c.sequence, c.block_offset, c.block_length, c.block_index, c.records
            from unnest($1::uuid[], $2::timestamptz[], $3::int4[])
              with ordinality as o(segment_id, committed_at, next_block, nr)
            join chunk c on c.segment_id = o.segment_id and c.committed_at = o.committed_at
            join stream s on s.id = c.stream_id
            where s.kind = 'events' and c.state = 0 and c.block_index >= o.next_block
            order by o.nr, c.block_index limit $4""";

    private final SqlClient postgres;
    private final RecentEvents recent;

    ChunkLoader(SqlClient postgres, RecentEvents recent) {
        this.postgres = postgres;
        this.recent = recent;
    }

    /** What the tasks have to do, in their order; those that did not fit are not in the answer. */
    Future<List<TaskChunks>> load(List<IndexTask> tasks) {
        Map<UUID, TaskChunks> loaded = new LinkedHashMap<>();
        List<IndexTask> stored = new ArrayList<>();
        for (IndexTask task : tasks) {
            Optional<List<RecentEvents.Entry>> events = recent.take(task.segmentId());
            if (events.isPresent()) {
                loaded.put(task.segmentId(), inMemory(task, events.get()));
            } else {
                stored.add(task);
            }
        }
        return stored.isEmpty()
                ? Future.succeededFuture(List.copyOf(loaded.values()))
                : find(stored).map(found -> {
                    found.forEach(task -> loaded.put(task.task().segmentId(), task));
                    return List.copyOf(loaded.values());
                });
    }

    private static TaskChunks inMemory(IndexTask task, List<RecentEvents.Entry> entries) {
        List<EventChunk> chunks = entries.stream()
                .filter(entry -> entry.block() >= task.nextBlock())
                .map(entry -> new EventChunk(
                        new BlockRef(entry.chunk().streamId(), entry.chunk().sequence(), task.segmentId(), 0, 0),
                        entry.block(),
                        entry.chunk().facts().records(),
                        Optional.of(entry.chunk().payload())))
                .toList();
        return new TaskChunks(task, chunks, true);
    }

    private Future<List<TaskChunks>> find(List<IndexTask> tasks) {
        return postgres.preparedQuery(SQL)
                .execute(Tuple.from(List.<Object>of(
                        tasks.stream().map(IndexTask::segmentId).toArray(UUID[]::new),
                        tasks.stream().map(IndexTask::committedAt).toArray(OffsetDateTime[]::new),
                        tasks.stream().map(IndexTask::nextBlock).toArray(Integer[]::new),
                        ROWS)))
                .map(rows -> group(tasks, rows));
    }

    private static List<TaskChunks> group(List<IndexTask> tasks, RowSet<Row> rows) {
        List<List<EventChunk>> chunks = new ArrayList<>();
        tasks.forEach(task -> chunks.add(new ArrayList<>()));
        int last = tasks.size() - 1; // with all rows there, every task is complete
        boolean cut = rows.size() == ROWS;
        for (Row row : rows) {
            int task = (int) (row.getLong(0) - 1);
            chunks.get(task)
                    .add(new EventChunk(
                            new BlockRef(
                                    row.getUUID(1),
                                    row.getLong(2),
                                    tasks.get(task).segmentId(),
                                    row.getInteger(3),
                                    row.getInteger(4)),
                            row.getInteger(5),
                            row.getInteger(6),
                            Optional.<Buffer>empty()));
            last = cut ? task : last;
        }
        List<TaskChunks> loaded = new ArrayList<>();
        for (int i = 0; i <= last; i++) {
            loaded.add(new TaskChunks(tasks.get(i), chunks.get(i), !cut || i < last));
        }
        return loaded;
    }
}
