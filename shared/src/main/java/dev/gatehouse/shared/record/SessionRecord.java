package dev.gatehouse.shared.record;

import io.vertx.core.json.JsonArray;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What is written of a session. Whether it is active stands elsewhere.
 *
 * @param seenAt when a gateway last had it
 * @param endReason empty: it goes on, or its gateway has not lived to write it
 * @param parts what each gateway has counted
 */
public record SessionRecord(
        UUID id,
        String user,
        String resource,
        String agentId,
        Instant startedAt,
        Instant seenAt,
        Optional<String> endReason,
        Map<String, Part> parts) {

    /** @param tunnels that were opened */
    public record Part(long bytesUp, long bytesDown, long tunnels) {}

    static SessionRecord of(Row row) {
        Map<String, Part> parts = new TreeMap<>();
        row.getJsonObject("parts").forEach(entry -> {
            JsonArray part = (JsonArray) entry.getValue();
            parts.put(entry.getKey(), new Part(part.getLong(0), part.getLong(1), part.getLong(2)));
        });
        return new SessionRecord(
                row.getUUID("id"),
                row.getString("person"),
                row.getString("resource"),
                row.getString("agent_id"),
                row.getOffsetDateTime("started_at").toInstant(),
                row.getOffsetDateTime("seen_at").toInstant(),
                Optional.ofNullable(row.getString("end_reason")),
                parts);
    }
}
