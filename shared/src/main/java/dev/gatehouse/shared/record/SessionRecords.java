package dev.gatehouse.shared.record;

import static java.time.ZoneOffset.UTC;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** Reads what is written of sessions. Thread-safe. */
public final class SessionRecords {

    /** Where a page ended. */
    public record After(Instant startedAt, UUID id) {}

    /**
     * @param not ids of sessions that are left out
     *
     * @param only ids of sessions that are wanted
     */
    public record Filter(
            Optional<String> user, Optional<String> resource, Optional<UUID[]> not, Optional<UUID[]> only) {}

    private final SqlClient postgres;

    public SessionRecords(SqlClient postgres) {
        this.postgres = postgres;
    }

    /** Newest first. */
    public Future<Page<SessionRecord>> list(Filter filter, Optional<After> after, int limit) {
        Select select = new Select("select * from session")
                .whereGiven("person = ?", filter.user())
                .whereGiven("resource = ?", filter.resource())
                .whereGiven("id <> all (?)", filter.not())
                .whereGiven("id = any (?)", filter.only());
        after.ifPresent(
                key -> select.where("(started_at, id) < (?, ?)", key.startedAt().atOffset(UTC), key.id()));
        return select.then("order by started_at desc, id desc").page(postgres, limit, SessionRecord::of);
    }
}
