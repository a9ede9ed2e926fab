package dev.gatehouse.shared.segment;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Where a segment's blocks are at this moment; inline ones are moved into objects later.
 *
 * @param objectKey null while inline
 * @param inline null if in an object, or if it was moved between two looks
 */
record SegmentPlace(String objectKey, long objectOffset, Buffer inline) {

    private static final String SQL = """
            select s.id, s.object_key, s.object_offset, i.bytes
            from segment s left join segment_inline i on i.segment_id = s.id and s.object_key is null
            where s.id = any($1)""";

    /** The places of those segments that exist. */
    static Future<Map<UUID, SegmentPlace>> find(SqlClient postgres, Collection<UUID> segments) {
        return postgres.preparedQuery(SQL)
                .execute(Tuple.of(segments.toArray(UUID[]::new)))
                .map(rows -> {
                    Map<UUID, SegmentPlace> places = new HashMap<>();
                    for (Row row : rows) {
                        places.put(
                                row.getUUID(0), new SegmentPlace(row.getString(1), row.getLong(2), row.getBuffer(3)));
                    }
                    return places;
                });
    }
}
