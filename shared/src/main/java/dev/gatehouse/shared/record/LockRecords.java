package dev.gatehouse.shared.record;

import static java.time.ZoneOffset.UTC;

import dev.gatehouse.shared.people.AccessLock;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** Reads locks. Thread-safe. */
public final class LockRecords {

    /** Where a page ended. */
    public record After(Instant createdAt, UUID id) {}

    private final SqlClient postgres;

    public LockRecords(SqlClient postgres) {
        this.postgres = postgres;
    }

    /** Newest first, those that hold. */
    public Future<Page<AccessLock>> list(Optional<After> after, int limit) {
        Select select =
                new Select("select * from access_lock").where("(expires_at is null or expires_at > clock_timestamp())");
        after.ifPresent(
                key -> select.where("(created_at, id) < (?, ?)", key.createdAt().atOffset(UTC), key.id()));
        return select.then("order by created_at desc, id desc").page(postgres, limit, AccessLock::of);
    }
}
