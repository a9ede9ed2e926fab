package dev.gatehouse.ingest.commit;

import dev.gatehouse.shared.segment.ChunkFacts;
import dev.gatehouse.shared.segment.SegmentEntry;
import dev.gatehouse.shared.segment.SegmentHead;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * One transaction in one statement: everything that makes a group of cuts durable.
 *
 * <p>The statement locks its writer's row (and does nothing if that is closed), locks the streams in the order of their ids, drops what is below {@code next}, inserts the rest and advances. Repeating it after an
 * unknown outcome is therefore harmless: whatever was stored is then below {@code next}. A stream whose first chunk here is above {@code next} is left alone, and one of which the last chunk below {@code next} is stored with another CRC (docs/decisions/030).
 *
 * <p>Planners know nothing of how many rows a CTE has: none of these is joined to another twice, or thousands of streams would be compared with each other.
 */
final class CommitRows {

    private static final String SQL = """
            with
            w as materialized (select id from writer where id = $1 and closed_at is null for share),
            s as materialized (
              select * from unnest($2::uuid[], $3::int8[], $4::int8[], $5::int8[], $6::bytea[])
                with ordinality as s(id, first, upto, fin_count, sha256, nr)),
            l as materialized (
              select id, next, closed_at, last_crc from stream
              where id = any($2::uuid[]) and exists (select from w) order by id for update),
            j as materialized (
              select *, not other and first <= next and upto > next and closed_at is null as fits
              from (
                select s.*, l.next, l.last_crc, l.closed_at,
                  case when s.first < l.next then exists ( -- some of it is durable already: the last of that is another chunk
                    select from unnest($13::int4[], $15::int8[], $21::int2[], $22::int4[]) as p(stream_nr, sequence, state, crc)
                    where p.stream_nr = s.nr and p.sequence = least(s.upto, l.next) - 1 and p.state <> 1
                      and p.crc <> case when s.upto >= l.next then l.last_crc else (
                        select crc from chunk where stream_id = s.id and sequence = s.upto - 1 and state <> 1 limit 1) end)
                  else false end as other
                from l join s on s.id = l.id) as compared),
            seg as materialized (
              select * from unnest($7::uuid[], $8::text[], $9::int8[], $10::int4[], $11::int4[], $12::bytea[])
                with ordinality as g(id, object_key, object_offset, length, blocks, bytes, nr)),
            c as materialized (
              select j.id as stream_id, j.upto, j.fin_count, j.sha256, seg.id as segment_id, c.*,
                case when c.state = 0 then 'epoch'::timestamptz + c.first_micros * interval '1 microsecond' else now() end
                  as first_time,
                case when c.state = 0 then 'epoch'::timestamptz + c.last_micros * interval '1 microsecond' else now() end
                  as last_time
              from unnest($13::int4[], $14::int4[], $15::int8[], $16::int8[], $17::int8[], $18::int4[], $19::int2[],
                $20::int2[], $21::int2[], $22::int4[], $23::int4[], $24::int4[], $25::int8[], $26::int4[], $27::int4[],
                $28::int4[], $29::bool[])
                as c(stream_nr, segment_nr, sequence, first_micros, last_micros, records, codec,
                  flags, state, crc, length, plain_length, content_offset, block_index, block_offset,
                  block_length, events)
              join j on j.nr = c.stream_nr and j.fits join seg on seg.nr = c.segment_nr
              where c.sequence >= j.next),
            chunks as (
              insert into chunk (stream_id, sequence, committed_at, first_time, last_time, records, codec, flags, state,
                crc, length, plain_length, content_offset, segment_id, block_index, block_offset, block_length)
              select stream_id, sequence, now(), first_time, last_time, records, codec, flags, state,
                crc, length, plain_length, content_offset, segment_id, block_index, block_offset, block_length from c),
            used as materialized (
              select segment_id, sum(records) filter (where events and state = 0) as events from c group by segment_id),
            segments as (
              insert into segment (id, writer_id, object_key, object_offset, length, blocks, committed_at)
              select id, $1, object_key, object_offset, length, blocks, now()
              from seg join used on used.segment_id = seg.id),
            inlines as (
              insert into segment_inline (segment_id, bytes)
              select id, bytes from seg join used on used.segment_id = seg.id where bytes is not null),
            tasks as (
              insert into index_task (segment_id, committed_at, records)
              select segment_id, now(), events from used where events is not null),
            sums as materialized (
              select stream_id, upto, fin_count, sha256, count(*) as chunks, sum(length) as bytes, max(content_offset + plain_length) as content,
                min(first_time) as first_time, max(last_time) as last_time,
                count(*) filter (where state = 1) as quarantined, count(*) filter (where state = 2) as damaged,
                max(crc) filter (where sequence = upto - 1 and state <> 1) as last_crc
              from c group by stream_id, upto, fin_count, sha256),
            advanced as (
              update stream t set
                next = sums.upto,
                last_crc = sums.last_crc,
                bytes = t.bytes + sums.bytes,
                chunks = t.chunks + sums.chunks,
                content_bytes = greatest(t.content_bytes, sums.content),
                first_time = least(t.first_time, sums.first_time),
                last_time = greatest(t.last_time, sums.last_time),
                quarantined = t.quarantined + sums.quarantined,
                damaged = t.damaged + sums.damaged,
                fin_count = sums.fin_count,
                sha256 = nullif(sums.sha256, decode(repeat('00', 32), 'hex')), -- zeros: the content has none (docs/protocol.md)
                closed_at = case when sums.fin_count is null then null else clock_timestamp() end
              from sums where t.id = sums.stream_id
              returning t.id, t.next, sums.chunks, t.last_crc)
            select id, next, chunks, last_crc, false from advanced
            union all
            select id, next, 0, last_crc, other from j where not fits
            union all
            select null, null, null, null, null where not exists (select from w)""";

    /** What the statement answered. */
    record Outcome(boolean writerClosed, List<StreamNext> streams, long stored) {}

    private final Map<UUID, StreamPart> streams = new LinkedHashMap<>();
    private final Columns columns = new Columns();
    private final Tuple parameters;

    private CommitRows(UUID writer, List<Cut> group) {
        for (int i = 0; i < group.size(); i++) {
            addCut(group.get(i), i + 1);
        }
        parameters = Tuple.of(writer);
        streams.values().forEach(columns::stream);
        columns.appendTo(parameters);
    }

    static CommitRows of(UUID writer, List<Cut> group) {
        return new CommitRows(writer, group);
    }

    /** Runs the statement; a failure leaves the outcome unknown. */
    Future<Outcome> write(SqlClient postgres) {
        return postgres.preparedQuery(SQL).execute(parameters).map(rows -> {
            boolean closed = false;
            long stored = 0;
            Map<UUID, Row> found = new HashMap<>();
            for (Row row : rows) {
                UUID id = row.getUUID(0);
                if (id == null) {
                    closed = true;
                } else {
                    found.put(id, row);
                    stored += row.getLong(2);
                }
            }
            List<StreamNext> all = streams.values().stream()
                    .map(stream -> next(stream, found.get(stream.id)))
                    .toList();
            return new Outcome(closed, all, stored);
        });
    }

    private static StreamNext next(StreamPart stream, Row row) {
        return row == null
                ? new StreamNext(stream.id, -1, stream.upto, OptionalInt.empty(), false)
                : new StreamNext(stream.id, row.getLong(1), stream.upto, StreamRows.crc(row, 3), row.getBoolean(4));
    }

    private void addCut(Cut cut, int segmentNumber) {
        columns.segment(cut);
        List<SegmentEntry> entries = cut.entries();
        for (int i = 0; i < entries.size(); i++) {
            TakenChunk chunk = cut.chunks().get(i);
            StreamPart stream = streams.computeIfAbsent(
                    chunk.streamId(), id -> new StreamPart(id, streams.size() + 1, chunk.sequence()));
            if (chunk.sequence() != stream.upto) {
                stream.first = chunk.sequence(); // another worker has gone on with it meanwhile, as this one was told
            }
            stream.upto = chunk.sequence() + 1;
            chunk.fin().ifPresent(fin -> {
                stream.finCount = fin.count();
                stream.sha256 = fin.sha256();
            });
            columns.chunk(stream.number, segmentNumber, entries.get(i), chunk.events());
        }
    }

    /** A stream's share of the group. From {@code first} on its chunks follow each other without holes; those before must be durable already, or it doesn't fit. */
    private static final class StreamPart {

        final UUID id;
        final int number;
        long first;
        long upto;
        Long finCount;
        Buffer sha256;

        StreamPart(UUID id, int number, long first) {
            this.id = id;
            this.number = number;
            this.first = first;
            this.upto = first;
        }
    }

    /** The statement's arrays in the making. */
    private static final class Columns {

        private final List<List<Object>> streams = lists(5);
        private final List<List<Object>> segments = lists(6);
        private final List<List<Object>> chunks = lists(17);

        void stream(StreamPart part) {
            add(streams, part.id, part.first, part.upto, part.finCount, part.sha256);
        }

        void segment(Cut cut) {
            add(
                    segments,
                    cut.segmentId(),
                    cut.inline() ? null : cut.objectKey(),
                    cut.inline() ? 0L : (long) SegmentHead.BYTES,
                    (int) cut.bytes(),
                    cut.chunks().size(),
                    cut.inline() ? cut.inlineBytes() : null);
        }

        void chunk(int stream, int segment, SegmentEntry entry, boolean events) {
            ChunkFacts facts = entry.facts();
            add(
                    chunks,
                    stream,
                    segment,
                    entry.sequence(),
                    facts.firstTime(),
                    facts.lastTime(),
                    facts.records(),
                    (short) facts.codec(),
                    (short) facts.flags(),
                    (short) facts.state().code(),
                    facts.crc(),
                    facts.length(),
                    facts.plainLength(),
                    facts.contentOffset(),
                    entry.index(),
                    entry.blockOffset(),
                    entry.blockLength(),
                    events);
        }

        void appendTo(Tuple tuple) {
            Class<?>[] types = {
                UUID.class,
                Long.class,
                Long.class,
                Long.class,
                Buffer.class, // streams
                UUID.class,
                String.class,
                Long.class,
                Integer.class,
                Integer.class,
                Buffer.class, // segments
                Integer.class,
                Integer.class,
                Long.class,
                Long.class,
                Long.class,
                Integer.class,
                Short.class, // chunks
                Short.class,
                Short.class,
                Integer.class,
                Integer.class,
                Integer.class,
                Long.class,
                Integer.class,
                Integer.class,
                Integer.class,
                Boolean.class
            };
            List<List<Object>> all = new ArrayList<>(streams);
            all.addAll(segments);
            all.addAll(chunks);
            for (int i = 0; i < types.length; i++) {
                tuple.addValue(all.get(i).toArray((Object[]) java.lang.reflect.Array.newInstance(types[i], 0)));
            }
        }

        private static List<List<Object>> lists(int count) {
            List<List<Object>> lists = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                lists.add(new ArrayList<>());
            }
            return lists;
        }

        private static void add(List<List<Object>> columns, Object... values) {
            for (int i = 0; i < values.length; i++) {
                columns.get(i).add(values[i]);
            }
        }
    }
}
