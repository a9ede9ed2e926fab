package dev.gatehouse.ingest.writer;

import dev.gatehouse.shared.segment.NewId;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** The rows of {@code writer}: opened by a worker, kept fresh while it lives, closed for ever by itself or by the collector. Thread-safe. */
public final class WriterRow {

    /** How often a living writer says so. */
    public static final Duration SEEN = Duration.ofSeconds(10);

    /** For so long after a writer was closed its objects are looked through again. */
    static final Duration LATE = Duration.ofHours(1);

    private final Pool postgres;

    public WriterRow(Pool postgres) {
        this.postgres = postgres;
    }

    /** A new writer of this node. */
    public Future<UUID> open(String node) {
        UUID id = NewId.now();
        return postgres.preparedQuery("insert into writer (id, node) values ($1, $2)")
                .execute(Tuple.of(id, node))
                .map(id);
    }

    public Future<Void> seen(UUID id) {
        return postgres.preparedQuery("update writer set seen_at = clock_timestamp() where id = $1")
                .execute(Tuple.of(id))
                .mapEmpty();
    }

    /** From now on no commit under this writer succeeds. */
    public Future<Void> close(UUID id) {
        return postgres.preparedQuery(
                        "update writer set closed_at = clock_timestamp() where id = $1 and closed_at is null")
                .execute(Tuple.of(id))
                .mapEmpty();
    }

    /** A writer of which there are objects and no row, as after a restore: closed at once, so that a worker which still writes under it goes on under another. */
    public Future<Void> closeUnknown(UUID id) {
        return postgres.preparedQuery("""
                        insert into writer (id, node, closed_at) values ($1, 'unknown', clock_timestamp())
                        on conflict (id) do nothing""").execute(Tuple.of(id)).mapEmpty();
    }

    /** Closes the writers that were not seen for so long. */
    public Future<Integer> closeGone(Duration limit) {
        return postgres.preparedQuery("""
                        update writer set closed_at = clock_timestamp()
                        where closed_at is null and seen_at < clock_timestamp() - $1 * interval '1 microsecond'""")
                .execute(Tuple.of(limit.toNanos() / 1000))
                .map(rows -> rows.rowCount());
    }

    /** Closed writers that may still have objects without rows, longest closed first. */
    public Future<List<UUID>> unswept(int limit) {
        return postgres.preparedQuery("""
                        select id from writer where closed_at is not null and swept_at is null
                        order by closed_at limit $1""")
                .execute(Tuple.of(limit))
                .map(rows -> rows.stream().map(row -> row.getUUID(0)).toList());
    }

    /** Its objects were looked through. Until {@link #LATE} after it was closed that must be done again: a store may take an upload long after whoever asked has died. */
    public Future<Void> swept(UUID id) {
        return postgres.preparedQuery("""
                        update writer set swept_at = clock_timestamp()
                        where id = $1 and closed_at < clock_timestamp() - $2 * interval '1 microsecond'""")
                .execute(Tuple.of(id, LATE.toNanos() / 1000))
                .mapEmpty();
    }
}
