package dev.gatehouse.shared.people;

import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.UUID;

/**
 * Who, or which session, may reach nothing for now.
 *
 * @param user or a {@code session}, never both
 * @param expiresAt by the database's clock; empty: holds until it is removed
 */
public record AccessLock(
        UUID id,
        Optional<String> user,
        Optional<UUID> session,
        String reason,
        String createdBy,
        Instant createdAt,
        Optional<Instant> expiresAt) {

    /** Of a row of {@code access_lock}. */
    public static AccessLock of(Row row) {
        return new AccessLock(
                row.getUUID("id"),
                Optional.ofNullable(row.getString("person")),
                Optional.ofNullable(row.getUUID("session")),
                row.getString("reason"),
                row.getString("created_by"),
                row.getOffsetDateTime("created_at").toInstant(),
                Optional.ofNullable(row.getOffsetDateTime("expires_at")).map(OffsetDateTime::toInstant));
    }
}
