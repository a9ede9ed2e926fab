package dev.gatehouse.background.compact;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** The segments whose bytes are still in PostgreSQL, and their move: the only place with its SQL. Thread-safe. */
final class InlineSegments {

    /** A segment and its blocks. */
    record Segment(UUID id, Buffer blocks) {}

    /** What waits. */
    record Waiting(long bytes, Duration oldest) {}

    private static final String WAITING = """
            select coalesce(sum(length), 0)::int8,
                   coalesce(extract(epoch from clock_timestamp() - min(committed_at)), 0)::float8
            from (select length, committed_at from segment where object_key is null
                  order by committed_at limit $1) as first""";

    private static final String OLDEST = """
            select s.id, i.bytes from segment s join segment_inline i on i.segment_id = s.id
            where s.object_key is null and not s.id = any($2) order by s.committed_at limit $1""";

    // Fenced: nothing happens unless the epoch is still this master's and its writer is open; a takeover waits for it
    // to end.
    private static final String MOVE = """
            with fence as materialized (select epoch from master_epoch where epoch = $1 for share),
            w as materialized (select id from writer where id = $2 and closed_at is null for share),
            moved as (
                update segment s set object_key = $3, object_offset = m.object_offset
                from unnest($4::uuid[], $5::int8[]) as m(id, object_offset)
                where s.id = m.id and s.object_key is null and exists (select from fence) and exists (select from w)
                returning s.id)
            delete from segment_inline where segment_id in (select id from moved)""";

    private final Pool postgres;

    InlineSegments(Pool postgres) {
        this.postgres = postgres;
    }

    /** Of the oldest segments, at most {@code count}. */
    Future<Waiting> waiting(int count) {
        return postgres.preparedQuery(WAITING).execute(Tuple.of(count)).map(rows -> {
            Row row = rows.iterator().next();
            return new Waiting(row.getLong(0), Duration.ofMillis((long) (row.getDouble(1) * 1000)));
        });
    }

    /** The oldest, but those that cannot be moved. */
    Future<List<Segment>> oldest(int count, Set<UUID> without) {
        return postgres.preparedQuery(OLDEST)
                .execute(Tuple.of(count).addArrayOfUUID(without.toArray(UUID[]::new)))
                .map(rows -> rows.stream()
                        .map(row -> new Segment(row.getUUID(0), row.getBuffer(1)))
                        .toList());
    }

    /** Makes the object the place of the segments; answers how many, fewer if this is no longer the master or they were moved already. */
    Future<Integer> move(long epoch, UUID writer, String key, List<UUID> segments, List<Long> offsets) {
        return postgres.preparedQuery(MOVE)
                .execute(Tuple.of(epoch, writer, key, segments.toArray(UUID[]::new), offsets.toArray(Long[]::new)))
                .map(RowSet::rowCount);
    }

    Future<UUID> openWriter(UUID id, String node) {
        return postgres.preparedQuery("insert into writer (id, node) values ($1, $2)")
                .execute(Tuple.of(id, node))
                .map(id);
    }

    /** Whether the writer is still open; keeps it so. */
    Future<Boolean> writerSeen(UUID id) {
        return postgres.preparedQuery(
                        "update writer set seen_at = clock_timestamp() where id = $1 and closed_at is null")
                .execute(Tuple.of(id))
                .map(rows -> rows.rowCount() == 1);
    }
}
