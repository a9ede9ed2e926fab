package dev.gatehouse.ingest.rollup;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.UUID;

/** Adds sums to the rows of {@code rollup}, in key order, in the caller's transaction. */
public final class RollupRows {

    private static final String SQL = """
            insert into rollup (hour, agent_id, "user", application, kind, events, duration_micros)
            select 'epoch'::timestamptz + hour * interval '1 microsecond', agent_id, who, application, kind, events, micros
            from unnest($1::int8[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::int8[], $7::int8[])
              with ordinality as r(hour, agent_id, who, application, kind, events, micros, nr)
            order by nr
            on conflict (hour, agent_id, "user", application, kind) do update set
              events = rollup.events + excluded.events,
              duration_micros = rollup.duration_micros + excluded.duration_micros""";

    private RollupRows() {}

    public static Future<Void> add(SqlClient transaction, Rollup rollup) {
        var keys = rollup.sums().keySet();
        var sums = rollup.sums().values();
        return keys.isEmpty()
                ? Future.succeededFuture()
                : transaction
                        .preparedQuery(SQL)
                        .execute(Tuple.from(List.<Object>of(
                                keys.stream().map(Rollup.Key::hour).toArray(Long[]::new),
                                keys.stream().map(Rollup.Key::agentId).toArray(UUID[]::new),
                                keys.stream().map(Rollup.Key::user).toArray(String[]::new),
                                keys.stream().map(Rollup.Key::application).toArray(String[]::new),
                                keys.stream().map(Rollup.Key::kind).toArray(String[]::new),
                                sums.stream().map(Rollup.Sum::events).toArray(Long[]::new),
                                sums.stream().map(Rollup.Sum::durationMicros).toArray(Long[]::new))))
                        .mapEmpty();
    }
}
