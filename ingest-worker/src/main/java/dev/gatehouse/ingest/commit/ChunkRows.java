package dev.gatehouse.ingest.commit;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Looks at and marks rows of chunks that were stored earlier. Thread-safe. */
public final class ChunkRows {

    /** A stored chunk's CRC. */
    public record StoredCrc(UUID streamId, long sequence, int crc) {}

    /** A chunk that turned out not to be decodable. */
    public record ChunkId(UUID streamId, long sequence) {}

    private final SqlClient postgres;

    public ChunkRows(SqlClient postgres) {
        this.postgres = postgres;
    }

    /** The CRCs of those of the chunks that were stored whole. */
    public Future<List<StoredCrc>> crcs(List<ChunkId> chunks) {
        return postgres.preparedQuery("""
                        select c.stream_id, c.sequence, c.crc
                        from unnest($1::uuid[], $2::int8[]) as o(stream_id, sequence)
                        join chunk c on c.stream_id = o.stream_id and c.sequence = o.sequence and c.state = 0""").execute(parameters(chunks)).map(rows -> {
            List<StoredCrc> crcs = new ArrayList<>();
            for (Row row : rows) {
                crcs.add(new StoredCrc(row.getUUID(0), row.getLong(1), row.getInteger(2)));
            }
            return crcs;
        });
    }

    /** Marks chunks as damaged, in the caller's transaction, and counts them at their streams. */
    public static Future<Void> damaged(SqlClient transaction, List<ChunkId> chunks) {
        return chunks.isEmpty()
                ? Future.succeededFuture()
                : transaction.preparedQuery("""
                        with marked as (
                          update chunk c set state = 2
                          from unnest($1::uuid[], $2::int8[]) as o(stream_id, sequence)
                          where c.stream_id = o.stream_id and c.sequence = o.sequence and c.state = 0
                          returning c.stream_id),
                        locked as materialized (
                          select id from stream where id in (select stream_id from marked) order by id for update)
                        update stream t set damaged = t.damaged + m.n
                        from (select stream_id, count(*) as n from marked group by stream_id) m
                        where t.id = m.stream_id and exists (select from locked where locked.id = t.id)""").execute(parameters(chunks)).mapEmpty();
    }

    private static Tuple parameters(List<ChunkId> chunks) {
        return Tuple.from(List.<Object>of(
                chunks.stream().map(ChunkId::streamId).toArray(UUID[]::new),
                chunks.stream().map(ChunkId::sequence).toArray(Long[]::new)));
    }
}
