package dev.gatehouse.shared.record;

import static java.time.ZoneOffset.UTC;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/** Reads captured streams. Thread-safe. */
public final class StreamRecords {

    private static final String SELECT = """
            select s.*, a.name as agent_name,
                s.quarantined + s.damaged + (select coalesce(sum(g.next - g.first), 0)::bigint from gap g where g.stream_id = s.id) as missing
            from stream s left join agent a on a.id = s.agent_id""";

    /**
     * @param name part of it, whatever the case
     *
     * @param from opened at this time or later
     *
     * @param to opened before this time
     */
    public record Filter(
            Optional<String> kind,
            Optional<UUID> agentId,
            Optional<String> name,
            Optional<Instant> from,
            Optional<Instant> to) {

        public static final Filter ALL =
                new Filter(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** Where a page ended. */
    public record After(Instant openedAt, UUID id) {}

    private final SqlClient postgres;

    public StreamRecords(SqlClient postgres) {
        this.postgres = postgres;
    }

    /** Newest first. */
    public Future<Page<StreamRecord>> list(Filter filter, Optional<After> after, int limit) {
        Select select = new Select(SELECT)
                .whereGiven("s.kind = ?", filter.kind())
                .whereGiven("s.agent_id = ?", filter.agentId())
                .whereGiven("strpos(lower(s.name), ?) > 0", filter.name().map(name -> name.toLowerCase(Locale.ROOT)))
                .whereGiven("s.opened_at >= ?", filter.from().map(time -> time.atOffset(UTC)))
                .whereGiven("s.opened_at < ?", filter.to().map(time -> time.atOffset(UTC)));
        after.ifPresent(key ->
                select.where("(s.opened_at, s.id) < (?, ?)", key.openedAt().atOffset(UTC), key.id()));
        return select.then("order by s.opened_at desc, s.id desc").page(postgres, limit, StreamRecord::of);
    }

    public Future<Optional<StreamRecord>> get(UUID id) {
        return new Select(SELECT).where("s.id = ?", id).one(postgres, StreamRecord::of);
    }

    public Future<Long> open() {
        return postgres.query("select count(*) as open from stream where closed_at is null")
                .execute()
                .map(rows -> rows.iterator().next().getLong("open"));
    }
}
