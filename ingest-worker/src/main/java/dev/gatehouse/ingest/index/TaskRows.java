package dev.gatehouse.ingest.index;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/**
 * The rows of {@code index_task}. A claim keeps other workers away for a while, no longer: who dies is followed by whoever comes next. That a block is indexed once is not the claim's business but that of
 * {@link #advance}, which is in the transaction that writes its events.
 */
final class TaskRows {

    /** How long a claim keeps others away. */
    static final Duration CLAIM = Duration.ofSeconds(30);

    /** The longest wait after a task has failed again and again. */
    private static final Duration LONGEST_REST = Duration.ofMinutes(10);

    private final SqlClient postgres;

    TaskRows(SqlClient postgres) {
        this.postgres = postgres;
    }

    /** The oldest tasks that nobody works on. */
    Future<List<IndexTask>> claim(int limit) {
        return postgres.preparedQuery("""
                        update index_task t set
                          not_before = clock_timestamp() + $2 * interval '1 microsecond', attempts = attempts + 1
                        from (
                          select segment_id from index_task where not_before <= clock_timestamp()
                          order by committed_at limit $1 for update skip locked) free
                        where t.segment_id = free.segment_id
                        returning t.segment_id, t.committed_at, t.records, t.next_block, t.attempts""")
                .execute(Tuple.of(limit, CLAIM.toNanos() / 1000))
                .map(rows -> rows.stream().map(TaskRows::read).toList());
    }

    /** It failed: rest, longer each time. */
    Future<Void> rest(IndexTask task) {
        long seconds = Math.min(LONGEST_REST.toSeconds(), 1L << Math.min(task.attempts(), 20));
        return postgres.preparedQuery("""
                        update index_task set not_before = clock_timestamp() + $2 * interval '1 second'
                        where segment_id = $1""")
                .execute(Tuple.of(task.segmentId(), seconds))
                .mapEmpty();
    }

    /** Whoever comes next may have them. */
    Future<Void> release(List<IndexTask> claimed) {
        return postgres.preparedQuery("update index_task set not_before = '-infinity' where segment_id = any($1)")
                .execute(Tuple.of(claimed.stream().map(IndexTask::segmentId).toArray(UUID[]::new)))
                .mapEmpty();
    }

    /** For how many seconds the oldest task has waited; 0 when all is indexed. */
    Future<Double> lagSeconds() {
        return postgres.query("""
                        select coalesce(extract(epoch from clock_timestamp() - min(committed_at)), 0)::float8 from index_task""").execute().map(rows -> rows.iterator().next().getDouble(0));
    }

    /** The parts of tasks that a transaction indexes. */
    record Step(UUID segmentId, int fromBlock, int toBlock, boolean last) {}

    /** Moves the tasks on, in the caller's transaction; fails if another worker has moved one of them. */
    static Future<Void> advance(SqlClient transaction, List<Step> steps) {
        return transaction
                .preparedQuery("""
                        with
                        s as (
                          select * from unnest($1::uuid[], $2::int4[], $3::int4[], $4::bool[])
                            as s(segment_id, from_block, to_block, last)),
                        locked as materialized (
                          select t.segment_id from index_task t join s on s.segment_id = t.segment_id
                          where t.next_block = s.from_block order by t.segment_id for update of t),
                        gone as (
                          delete from index_task t using s, locked
                          where s.last and s.segment_id = t.segment_id and locked.segment_id = t.segment_id
                            and t.next_block = s.from_block
                          returning 1),
                        moved as (
                          update index_task t set next_block = s.to_block, attempts = 1,
                            not_before = clock_timestamp() + $5 * interval '1 microsecond'
                          from s, locked
                          where not s.last and s.segment_id = t.segment_id and locked.segment_id = t.segment_id
                            and t.next_block = s.from_block
                          returning 1)
                        select (select count(*) from gone) + (select count(*) from moved)""")
                .execute(Tuple.from(List.<Object>of(
                        steps.stream().map(Step::segmentId).toArray(UUID[]::new),
                        steps.stream().map(Step::fromBlock).toArray(Integer[]::new),
                        steps.stream().map(Step::toBlock).toArray(Integer[]::new),
                        steps.stream().map(Step::last).toArray(Boolean[]::new),
                        CLAIM.toNanos() / 1000)))
                .compose(rows -> rows.iterator().next().getLong(0) == steps.size()
                        ? Future.succeededFuture()
                        : Future.failedFuture(new OvertakenException()));
    }

    private static IndexTask read(Row row) {
        return new IndexTask(
                row.getUUID(0), row.getOffsetDateTime(1), row.getLong(2), row.getInteger(3), row.getInteger(4));
    }
}
