package dev.gatehouse.ingest.index;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;

/** Inserts events, many at once, in the caller's transaction. */
final class EventRows {

    private static final String SQL = """
            insert into event (time, stream_id, sequence, index, agent_id, "user", kind, application, title, text,
              attributes, duration_micros)
            select 'epoch'::timestamptz + micros * interval '1 microsecond', stream_id, sequence, nr, agent_id, who, kind,
              application, title, text, attributes::jsonb, duration
            from unnest($1::int8[], $2::uuid[], $3::int8[], $4::int4[], $5::uuid[], $6::text[], $7::text[], $8::text[],
              $9::text[], $10::text[], $11::text[], $12::int8[])
              as e(micros, stream_id, sequence, nr, agent_id, who, kind, application, title, text, attributes, duration)""";

    private EventRows() {}

    static Future<Void> insert(SqlClient transaction, List<IndexedEvent> events) {
        if (events.isEmpty()) {
            return Future.succeededFuture();
        }
        Tuple columns = Tuple.tuple();
        add(columns, events, IndexedEvent::time, Long[]::new);
        add(columns, events, IndexedEvent::streamId, UUID[]::new);
        add(columns, events, IndexedEvent::sequence, Long[]::new);
        add(columns, events, IndexedEvent::index, Integer[]::new);
        add(columns, events, IndexedEvent::agentId, UUID[]::new);
        add(columns, events, IndexedEvent::user, String[]::new);
        add(columns, events, IndexedEvent::kind, String[]::new);
        add(columns, events, IndexedEvent::application, String[]::new);
        add(columns, events, IndexedEvent::title, String[]::new);
        add(columns, events, IndexedEvent::text, String[]::new);
        add(columns, events, IndexedEvent::attributes, String[]::new);
        add(columns, events, IndexedEvent::durationMicros, Long[]::new);
        return transaction.preparedQuery(SQL).execute(columns).mapEmpty();
    }

    private static <T> void add(
            Tuple columns, List<IndexedEvent> events, Function<IndexedEvent, T> value, IntFunction<T[]> array) {
        columns.addValue(events.stream().map(value).toArray(array));
    }
}
