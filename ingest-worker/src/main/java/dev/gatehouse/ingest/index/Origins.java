package dev.gatehouse.ingest.index;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Whose the streams are, which never changes: remembered for the latest {@link #REMEMBERED}. Confined to one context. */
final class Origins {

    static final int REMEMBERED = 20_000;

    private final SqlClient postgres;
    private final Map<UUID, EventDecoder.Origin> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, EventDecoder.Origin> eldest) {
            return size() > REMEMBERED;
        }
    };

    Origins(SqlClient postgres) {
        this.postgres = postgres;
    }

    /** The origins of those streams that still exist. */
    Future<Map<UUID, EventDecoder.Origin>> of(Collection<UUID> streams) {
        Map<UUID, EventDecoder.Origin> found = new HashMap<>();
        List<UUID> unknown = streams.stream()
                .distinct()
                .filter(id -> {
                    EventDecoder.Origin origin = known.get(id);
                    if (origin != null) {
                        found.put(id, origin);
                    }
                    return origin == null;
                })
                .toList();
        if (unknown.isEmpty()) {
            return Future.succeededFuture(found);
        }
        return postgres.preparedQuery("select id, agent_id, subject from stream where id = any($1)")
                .execute(Tuple.of(unknown.toArray(UUID[]::new)))
                .map(rows -> {
                    for (Row row : rows) {
                        EventDecoder.Origin origin =
                                new EventDecoder.Origin(row.getUUID(0), row.getUUID(1), row.getString(2));
                        known.put(origin.streamId(), origin);
                        found.put(origin.streamId(), origin);
                    }
                    return found;
                });
    }
}
