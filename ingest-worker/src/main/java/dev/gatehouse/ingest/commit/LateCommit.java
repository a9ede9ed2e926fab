package dev.gatehouse.ingest.commit;

import dev.gatehouse.protocol.stream.Chunk;
import dev.gatehouse.shared.segment.ChunkFacts;
import dev.gatehouse.shared.segment.NewId;
import dev.gatehouse.shared.segment.SegmentHead;
import dev.gatehouse.shared.segment.SegmentIndex;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * Writes the rows of an object that has none, or not all that it should have: in one transaction that locks the object's writer, which must be closed, and then the streams in the order of their ids, as commits do. Each late commit is a
 * segment of its own, so that the indexer meets each chunk once. Thread-safe.
 */
public final class LateCommit {

    /** Chunk rows of one statement. */
    private static final int ROWS = 5_000;

    /**
     * What a late commit came to.
     *
     * @param rows whether rows point at the object, from now on or since earlier
     * @param stored chunks that were committed now
     * @param waiting whether it holds chunks that may be needed later
     */
    public record Outcome(boolean rows, int stored, boolean waiting) {

        public Outcome and(Outcome other) {
            return new Outcome(rows || other.rows, stored + other.stored, waiting || other.waiting);
        }
    }

    private static final String STREAMS = """
            select id, next, closed_at is not null
            from stream where id = any($1) order by id for update""";

    private static final String CHUNKS = """
            insert into chunk (stream_id, sequence, committed_at, first_time, last_time, records, codec, flags, state,
              crc, length, plain_length, content_offset, segment_id, block_index, block_offset, block_length)
            select stream_id, sequence, now(),
              case when state = 0 then 'epoch'::timestamptz + first_micros * interval '1 microsecond' else now() end,
              case when state = 0 then 'epoch'::timestamptz + last_micros * interval '1 microsecond' else now() end,
              records, codec, flags, state, crc, length, plain_length, content_offset, $2, block_index, block_offset,
              block_length
            from jsonb_to_recordset($1) as c(stream_id uuid, sequence int8, first_micros int8, last_micros int8,
              records int4, codec int2, flags int2, state int2, crc int4, length int4, plain_length int4,
              content_offset int8, block_index int4, block_offset int4, block_length int4)""";

    private static final String ADVANCE = """
            update stream t set
              next = a.next,
              last_crc = case when a.reaches then a.last_crc else t.last_crc end,
              bytes = t.bytes + s.bytes,
              chunks = t.chunks + s.chunks,
              content_bytes = greatest(t.content_bytes, s.content),
              first_time = least(t.first_time, s.first_time),
              last_time = greatest(t.last_time, s.last_time),
              quarantined = t.quarantined + s.quarantined,
              damaged = t.damaged + s.damaged,
              fin_count = coalesce(a.fin_count, t.fin_count),
              sha256 = coalesce(nullif(decode(a.sha256, 'hex'), decode(repeat('00', 32), 'hex')), t.sha256),
              closed_at = case when a.fin_count is null then t.closed_at else clock_timestamp() end
            from jsonb_to_recordset($1) as a(id uuid, next int8, reaches bool, last_crc int4, fin_count int8, sha256 text)
            join (
              select stream_id, count(*) as chunks, sum(length) as bytes, max(content_offset + plain_length) as content,
                min(first_time) as first_time, max(last_time) as last_time,
                count(*) filter (where state = 1) as quarantined, count(*) filter (where state = 2) as damaged
              from chunk where segment_id = $2 group by stream_id) s on s.stream_id = a.id
            where t.id = a.id""";

    private static final String GAPS = """
            insert into gap (stream_id, first, next, noticed_at)
            select stream_id, first, next, noticed_at
            from jsonb_to_recordset($1) as g(stream_id uuid, first int8, next int8, noticed_at timestamptz)""";

    private static final String TASK = """
            insert into index_task (segment_id, committed_at, records)
            select $1, now(), sum(c.records) from chunk c join stream s on s.id = c.stream_id
            where c.segment_id = $1 and c.state = 0 and s.kind = 'events' having count(*) > 0""";

    private static final String WAITING = """
            update segment set waiting_since = case when $2 then coalesce(waiting_since, now()) end
            where object_key = $1""";

    private final Pool postgres;

    public LateCommit(Pool postgres) {
        this.postgres = postgres;
    }

    /** The object that is looked at, and how. */
    public record Orphan(UUID writer, String key, SegmentIndex index, Map<UUID, Chunk.Fin> fins, boolean patient) {}

    /** Commits what is needed of those streams of the object; a failure leaves the outcome unknown, repeating it is harmless. */
    public Future<Outcome> commit(Orphan orphan, Predicate<UUID> streams) {
        return postgres.withTransaction(transaction -> lockWriter(transaction, orphan.writer())
                .compose(locked -> hasRows(transaction, orphan.key()))
                .compose(had -> standing(transaction, orphan, streams)
                        .map(standing -> LatePlan.of(
                                orphan.index().entries(),
                                streams,
                                standing,
                                orphan.fins(),
                                orphan.patient(),
                                OffsetDateTime.now(ZoneOffset.UTC)))
                        .compose(plan -> write(transaction, orphan, plan)
                                .map(new Outcome(
                                        had || !plan.chunks().isEmpty(),
                                        plan.chunks().size(),
                                        plan.waiting())))));
    }

    private static Future<Void> lockWriter(SqlClient transaction, UUID writer) {
        return transaction
                .preparedQuery("select from writer where id = $1 and closed_at is not null for update")
                .execute(Tuple.of(writer))
                .compose(rows -> rows.size() == 1
                        ? Future.succeededFuture()
                        : Future.failedFuture(new IllegalStateException("writer " + writer + " is not closed")));
    }

    private static Future<Boolean> hasRows(SqlClient transaction, String key) {
        return transaction
                .preparedQuery("select from segment where object_key = $1 limit 1")
                .execute(Tuple.of(key))
                .map(rows -> rows.size() > 0);
    }

    private static Future<Map<UUID, LatePlan.Standing>> standing(
            SqlClient transaction, Orphan orphan, Predicate<UUID> streams) {
        UUID[] ids = orphan.index().entries().stream()
                .map(entry -> entry.streamId())
                .filter(streams)
                .distinct()
                .toArray(UUID[]::new);
        return transaction
                .preparedQuery(STREAMS)
                .execute(Tuple.of(ids))
                .compose(rows -> transaction
                        .preparedQuery("select stream_id, first, next, noticed_at from gap where stream_id = any($1)")
                        .execute(Tuple.of(ids))
                        .map(gapRows -> {
                            Map<UUID, List<LatePlan.Gap>> gaps = new HashMap<>();
                            for (Row gap : gapRows) {
                                gaps.computeIfAbsent(gap.getUUID(0), id -> new ArrayList<>())
                                        .add(new LatePlan.Gap(
                                                gap.getLong(1), gap.getLong(2), gap.getOffsetDateTime(3)));
                            }
                            Map<UUID, LatePlan.Standing> standing = new HashMap<>();
                            for (Row row : rows) {
                                UUID id = row.getUUID(0);
                                standing.put(
                                        id,
                                        new LatePlan.Standing(
                                                id,
                                                row.getLong(1),
                                                row.getBoolean(2),
                                                gaps.getOrDefault(id, List.of())));
                            }
                            return standing;
                        }));
    }

    private static Future<Void> write(SqlClient transaction, Orphan orphan, LatePlan plan) {
        Future<Void> written = Future.succeededFuture();
        if (!plan.chunks().isEmpty()) {
            UUID segment = NewId.now();
            written = run(
                    transaction,
                    """
                    insert into segment (id, writer_id, object_key, object_offset, length, blocks, committed_at)
                    values ($1, $2, $3, $4, $5, $6, now())""",
                    Tuple.of(
                            segment,
                            orphan.writer(),
                            orphan.key(),
                            (long) SegmentHead.BYTES,
                            (int) orphan.index().blocksLength(),
                            orphan.index().entries().size()));
            for (int from = 0; from < plan.chunks().size(); from += ROWS) {
                List<LatePlan.Late> rows =
                        plan.chunks().subList(from, Math.min(plan.chunks().size(), from + ROWS));
                written = written.compose(done -> run(transaction, CHUNKS, Tuple.of(chunks(rows), segment)));
            }
            written = written.compose(done -> run(transaction, ADVANCE, Tuple.of(streams(plan.streams()), segment)))
                    .compose(done -> run(
                            transaction,
                            "delete from gap where stream_id = any($1)",
                            Tuple.of(plan.streams().stream()
                                    .map(moved -> moved.before().id())
                                    .toArray(UUID[]::new))))
                    .compose(done -> run(transaction, GAPS, Tuple.of(gaps(plan.streams()))))
                    .compose(done -> run(transaction, TASK, Tuple.of(segment)));
        }
        return written.compose(done -> run(transaction, WAITING, Tuple.of(orphan.key(), plan.waiting())));
    }

    private static JsonArray chunks(List<LatePlan.Late> chunks) {
        JsonArray rows = new JsonArray();
        for (LatePlan.Late late : chunks) {
            ChunkFacts facts = late.entry().facts();
            rows.add(new JsonObject()
                    .put("stream_id", late.entry().streamId().toString())
                    .put("sequence", late.entry().sequence())
                    .put("first_micros", facts.firstTime())
                    .put("last_micros", facts.lastTime())
                    .put("records", facts.records())
                    .put("codec", facts.codec())
                    .put("flags", facts.flags())
                    .put("state", facts.state().code())
                    .put("crc", facts.crc())
                    .put("length", facts.length())
                    .put("plain_length", facts.plainLength())
                    .put("content_offset", facts.contentOffset())
                    .put("block_index", late.block())
                    .put("block_offset", late.entry().blockOffset())
                    .put("block_length", late.entry().blockLength()));
        }
        return rows;
    }

    private static JsonArray streams(List<LatePlan.Moved> streams) {
        JsonArray rows = new JsonArray();
        for (LatePlan.Moved moved : streams) {
            JsonObject row = new JsonObject()
                    .put("id", moved.before().id().toString())
                    .put("next", moved.next())
                    .put("reaches", moved.reaches());
            moved.lastCrc().ifPresent(crc -> row.put("last_crc", crc));
            moved.fin()
                    .ifPresent(fin -> row.put("fin_count", fin.count())
                            .put("sha256", HexFormat.of().formatHex(fin.sha256().getBytes())));
            rows.add(row);
        }
        return rows;
    }

    private static JsonArray gaps(List<LatePlan.Moved> streams) {
        JsonArray rows = new JsonArray();
        for (LatePlan.Moved moved : streams) {
            for (LatePlan.Gap gap : moved.gaps()) {
                rows.add(new JsonObject()
                        .put("stream_id", moved.before().id().toString())
                        .put("first", gap.first())
                        .put("next", gap.next())
                        .put("noticed_at", gap.noticedAt().toString()));
            }
        }
        return rows;
    }

    private static Future<Void> run(SqlClient transaction, String sql, Tuple parameters) {
        return transaction.preparedQuery(sql).execute(parameters).mapEmpty();
    }
}
