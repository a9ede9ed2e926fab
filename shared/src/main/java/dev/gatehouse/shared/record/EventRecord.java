package dev.gatehouse.shared.record;

import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * An indexed event.
 *
 * @param key unique
 * @param durationMicros how long it lasted, microseconds; 0 for a moment
 */
public record EventRecord(
        Key key,
        UUID agentId,
        Optional<String> agentName,
        String user,
        String kind,
        String application,
        String title,
        String text,
        JsonObject attributes,
        long durationMicros) {

    /** Identity and place in the order of a list. */
    public record Key(Instant time, UUID streamId, long sequence, int index) {}

    static EventRecord of(Row row) {
        return new EventRecord(
                new Key(
                        row.getOffsetDateTime("time").toInstant(),
                        row.getUUID("stream_id"),
                        row.getLong("sequence"),
                        row.getInteger("index")),
                row.getUUID("agent_id"),
                Optional.ofNullable(row.getString("agent_name")),
                row.getString("user"),
                row.getString("kind"),
                row.getString("application"),
                row.getString("title"),
                row.getString("text"),
                row.getJsonObject("attributes"),
                row.getLong("duration_micros"));
    }
}
