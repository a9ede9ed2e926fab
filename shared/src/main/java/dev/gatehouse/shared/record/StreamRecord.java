package dev.gatehouse.shared.record;

import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;

/**
 * A captured stream.
 *
 * @param kind {@code events}, {@code screen}, {@code audio} or {@code file}
 * @param next everything below this number is durable
 * @param contentBytes what its whole chunks unpack to
 * @param missingChunks lost on the agent's side, or stored but not readable
 * @param sha256 of the whole content, lower-case hex, once closed
 */
public record StreamRecord(
        UUID id,
        UUID agentId,
        Optional<String> agentName,
        String kind,
        String subject,
        String mediaType,
        String name,
        Instant openedAt,
        Instant registeredAt,
        Optional<Instant> closedAt,
        long next,
        long contentBytes,
        long chunks,
        Optional<Instant> firstTime,
        Optional<Instant> lastTime,
        long missingChunks,
        Optional<String> sha256) {

    static StreamRecord of(Row row) {
        return new StreamRecord(
                row.getUUID("id"),
                row.getUUID("agent_id"),
                Optional.ofNullable(row.getString("agent_name")),
                row.getString("kind"),
                row.getString("subject"),
                row.getString("media_type"),
                row.getString("name"),
                row.getOffsetDateTime("opened_at").toInstant(),
                row.getOffsetDateTime("registered_at").toInstant(),
                time(row, "closed_at"),
                row.getLong("next"),
                row.getLong("content_bytes"),
                row.getLong("chunks"),
                time(row, "first_time"),
                time(row, "last_time"),
                row.getLong("missing"),
                Optional.ofNullable(row.getBuffer("sha256"))
                        .map(Buffer::getBytes)
                        .map(HexFormat.of()::formatHex));
    }

    private static Optional<Instant> time(Row row, String column) {
        return Optional.ofNullable(row.getOffsetDateTime(column)).map(OffsetDateTime::toInstant);
    }
}
