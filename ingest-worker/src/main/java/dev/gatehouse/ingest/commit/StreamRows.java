package dev.gatehouse.ingest.commit;

import dev.gatehouse.protocol.message.StreamKind;
import dev.gatehouse.protocol.message.StreamOpen;
import dev.gatehouse.shared.segment.ChunkFacts;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;

/** Registers streams and their gaps, many at once: thousands of agents come back together. Thread-safe. */
public final class StreamRows {

    /** Streams of one statement at most. */
    public static final int BATCH = 500;

    /** A stream as a link opens it. */
    public record Registration(UUID id, UUID agentId, StreamOpen open) {}

    /**
     * A stream as it stands in the database.
     *
     * @param lastCrc of the stored chunk {@code next - 1}; empty if there is none that is whole
     */
    public record Registered(UUID id, UUID agentId, boolean events, long next, OptionalInt lastCrc, boolean closed) {}

    private static final String REGISTER = """
            with
            o as materialized (
              select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::int8[],
                $8::int8[]) as o(id, agent_id, kind, subject, media_type, name, opened_at, first)),
            new as (
              insert into stream (id, agent_id, kind, subject, media_type, name, opened_at, next)
              select id, agent_id, kind, subject, media_type, name,
                'epoch'::timestamptz + opened_at * interval '1 microsecond', first
              from o order by id
              on conflict (id) do nothing
              returning id, agent_id, kind, next),
            lost as (insert into gap (stream_id, first, next) select id, 0, next from new where next > 0),
            -- locked so that the answer waits for a synchronous standby, as a mere read would not: after a crash a primary
            -- shows commits that the standby lacks, and whoever is told of them lets go of the chunks
            known as materialized (
              select id, agent_id, kind, next, last_crc, closed_at from stream where id = any($1) order by id for key share)
            select id, agent_id, kind, next, null::int, false from new
            union all
            select id, agent_id, kind, next, last_crc, closed_at is not null from known""";

    private static final String SKIP = """
            with
            l as materialized (
              select s.id, s.next, o.first
              from stream s join unnest($1::uuid[], $2::int8[]) as o(id, first) on o.id = s.id
              where s.closed_at is null order by s.id for update of s),
            moved as (
              update stream t set next = l.first, last_crc = null from l where t.id = l.id and l.next < l.first
              returning t.id, l.next as first, t.next)
            insert into gap (stream_id, first, next) select id, first, next from moved""";

    private final SqlClient postgres;

    public StreamRows(SqlClient postgres) {
        this.postgres = postgres;
    }

    /**
     * Inserts the streams that are new, and answers how each one stands. A stream that two workers insert at the same moment may be missing from the answer: ask again.
     *
     * @param streams at most {@link #BATCH}, each once
     */
    public Future<Map<UUID, Registered>> register(List<Registration> streams) {
        return postgres.preparedQuery(REGISTER)
                .execute(Tuple.from(List.<Object>of(
                        column(streams, Registration::id, UUID[]::new),
                        column(streams, Registration::agentId, UUID[]::new),
                        column(streams, r -> word(r.open().getKind()), String[]::new),
                        column(streams, r -> storable(r.open().getSubject()), String[]::new),
                        column(streams, r -> storable(r.open().getMediaType()), String[]::new),
                        column(streams, r -> storable(r.open().getName()), String[]::new),
                        column(
                                streams,
                                r -> Math.clamp(r.open().getOpenedAt(), ChunkFacts.EARLIEST, ChunkFacts.LATEST),
                                Long[]::new),
                        column(streams, r -> r.open().getFirst(), Long[]::new))))
                .map(StreamRows::read);
    }

    /** Makes what lies between {@code next} and the given first number a gap, for streams of which the agent has lost that much. */
    public Future<Void> skip(Map<UUID, Long> firsts) {
        return postgres.preparedQuery(SKIP)
                .execute(Tuple.from(List.<Object>of(
                        firsts.keySet().toArray(UUID[]::new), firsts.values().toArray(Long[]::new))))
                .mapEmpty();
    }

    /** The word for a kind of stream in rows and in the REST interface. */
    static String word(StreamKind kind) {
        return switch (kind) {
            case EVENTS -> "events";
            case SCREEN -> "screen";
            case AUDIO -> "audio";
            case FILE, STREAM_KIND_UNSPECIFIED, UNRECOGNIZED -> "file";
        };
    }

    private static Map<UUID, Registered> read(RowSet<Row> rows) {
        Map<UUID, Registered> found = new HashMap<>();
        for (Row row : rows) {
            found.put(
                    row.getUUID(0),
                    new Registered(
                            row.getUUID(0),
                            row.getUUID(1),
                            row.getString(2).equals("events"),
                            row.getLong(3),
                            crc(row, 4),
                            row.getBoolean(5)));
        }
        return found;
    }

    static OptionalInt crc(Row row, int column) {
        Integer crc = row.getInteger(column);
        return crc == null ? OptionalInt.empty() : OptionalInt.of(crc);
    }

    /** PostgreSQL's text cannot hold U+0000. */
    private static String storable(String text) {
        return text.replace('\0', '\uFFFD');
    }

    private static <T> T[] column(List<Registration> streams, Function<Registration, T> value, IntFunction<T[]> array) {
        return streams.stream().map(value).toArray(array);
    }
}
