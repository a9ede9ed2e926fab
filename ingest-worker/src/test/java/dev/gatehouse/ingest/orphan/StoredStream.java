package dev.gatehouse.ingest.orphan;

import dev.gatehouse.shared.segment.Block;
import dev.gatehouse.shared.segment.BlockRef;
import dev.gatehouse.shared.segment.BlockSource;
import dev.gatehouse.shared.store.ObjectStore;
import dev.gatehouse.shared.testing.TestNode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** One stream as it stands in the database and the store; the database can be made to forget a part of it. */
final class StoredStream {

    private final UUID id;
    private final Pool postgres;
    private final ObjectStore store;

    StoredStream(UUID id, Pool postgres, ObjectStore store) {
        this.id = id;
        this.postgres = postgres;
        this.store = store;
    }

    /** The database forgets what was committed from this number on; the stream's row is what it was then. */
    void fail(int from, String row) {
        run("delete from index_task where segment_id in (select segment_id from chunk where stream_id = '" + id
                + "' and sequence >= " + from + ")");
        run("delete from segment where id in (select segment_id from chunk where stream_id = '" + id
                + "' and sequence >= " + from + ")");
        run("delete from chunk where stream_id = '" + id + "' and sequence >= " + from);
        run("delete from stream where id = '" + id + "'");
        TestNode.get(postgres.preparedQuery("insert into stream select * from jsonb_populate_record(null::stream, $1)")
                .execute(Tuple.of(new JsonObject(row))));
        closeWriters();
    }

    void closeWriters() {
        run("update writer set closed_at = coalesce(closed_at, now())");
    }

    String row() {
        return text("select (to_jsonb(s) - 'closed_at')::text from stream s where id = $1");
    }

    List<String> rows() {
        List<String> rows = new ArrayList<>();
        for (Row row : TestNode.get(postgres.preparedQuery("""
                        select (to_jsonb(c) - 'segment_id' - 'committed_at' - 'block_index' - 'block_offset')::text
                        from chunk c where stream_id = $1 order by sequence""").execute(Tuple.of(id)))) {
            rows.add(row.getString(0));
        }
        return rows;
    }

    List<String> gaps() {
        List<String> gaps = new ArrayList<>();
        for (Row row :
                TestNode.get(postgres.preparedQuery("select first, next from gap where stream_id = $1 order by first")
                        .execute(Tuple.of(id)))) {
            gaps.add(row.getLong(0) + "-" + row.getLong(1));
        }
        return gaps;
    }

    long next() {
        return number("select next from stream where id = $1");
    }

    List<Buffer> stored() {
        List<BlockRef> refs = new ArrayList<>();
        for (Row row : TestNode.get(postgres.preparedQuery("""
                        select sequence, segment_id, block_offset, block_length from chunk
                        where stream_id = $1 order by sequence""").execute(Tuple.of(id)))) {
            refs.add(new BlockRef(id, row.getLong(0), row.getUUID(1), row.getInteger(2), row.getInteger(3)));
        }
        return TestNode.get(new BlockSource(postgres, store).read(refs)).stream()
                .map(Block::payload)
                .map(payload -> payload.orElseThrow())
                .toList();
    }

    String text(String sql) {
        return TestNode.get(postgres.preparedQuery(sql).execute(Tuple.of(id)))
                .iterator()
                .next()
                .getString(0);
    }

    long number(String sql) {
        return TestNode.get(postgres.preparedQuery(sql).execute(Tuple.of(id)))
                .iterator()
                .next()
                .getLong(0);
    }

    void run(String sql) {
        TestNode.get(postgres.query(sql).execute());
    }
}
