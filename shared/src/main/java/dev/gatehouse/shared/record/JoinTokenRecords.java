package dev.gatehouse.shared.record;

import static java.time.ZoneOffset.UTC;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** Reads join tokens. Thread-safe. */
public final class JoinTokenRecords {

    /** Where a page ended. */
    public record After(Instant createdAt, UUID id) {}

    private final SqlClient postgres;

    public JoinTokenRecords(SqlClient postgres) {
        this.postgres = postgres;
    }

    /** Newest first, also those that are used up or over. */
    public Future<Page<JoinTokenRecord>> list(Optional<After> after, int limit) {
        Select select = new Select("select * from join_token");
        after.ifPresent(
                key -> select.where("(created_at, id) < (?, ?)", key.createdAt().atOffset(UTC), key.id()));
        return select.then("order by created_at desc, id desc")
                .page(
                        postgres,
                        limit,
                        row -> new JoinTokenRecord(
                                row.getUUID("id"),
                                row.getInteger("uses_left"),
                                AgentRecord.labels(row.getJsonObject("labels")),
                                row.getString("created_by"),
                                row.getOffsetDateTime("created_at").toInstant(),
                                row.getOffsetDateTime("expires_at").toInstant()));
    }
}
