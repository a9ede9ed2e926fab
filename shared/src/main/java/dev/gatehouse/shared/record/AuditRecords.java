package dev.gatehouse.shared.record;

import static java.time.ZoneOffset.UTC;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import java.time.Instant;
import java.util.Optional;

/** Reads the audit. Thread-safe. */
public final class AuditRecords {

    /** What to show. */
    public record Filter(
            Optional<Instant> from, Optional<Instant> to, Optional<String> actor, Optional<String> action) {}

    /** Where a page ended. */
    public record After(Instant at, long id) {}

    private final SqlClient postgres;

    public AuditRecords(SqlClient postgres) {
        this.postgres = postgres;
    }

    /** Newest first. */
    public Future<Page<AuditRecord>> list(Filter filter, Optional<After> after, int limit) {
        Select select = new Select("select * from audit")
                .whereGiven("at >= ?", filter.from().map(time -> time.atOffset(UTC)))
                .whereGiven("at < ?", filter.to().map(time -> time.atOffset(UTC)))
                .whereGiven("actor = ?", filter.actor())
                .whereGiven("action = ?", filter.action());
        after.ifPresent(key -> select.where("(at, id) < (?, ?)", key.at().atOffset(UTC), key.id()));
        return select.then("order by at desc, id desc")
                .page(
                        postgres,
                        limit,
                        row -> new AuditRecord(
                                row.getLong("id"),
                                row.getOffsetDateTime("at").toInstant(),
                                row.getString("node"),
                                row.getString("actor"),
                                row.getString("remote"),
                                row.getString("action"),
                                row.getString("target"),
                                row.getString("outcome"),
                                row.getJsonObject("detail")));
    }
}
