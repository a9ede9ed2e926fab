package dev.gatehouse.shared.record;

import static java.time.ZoneOffset.UTC;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/** Searches indexed events. A search that finds little in much may run into the statement's time-out. Thread-safe. */
public final class EventRecords {

    private static final String SELECT =
            "select e.*, a.name as agent_name from event e left join agent a on a.id = e.agent_id";

    /**
     * @param text part of the title or the text, whatever the case, taken literally
     */
    public record Filter(
            Optional<Instant> from,
            Optional<Instant> to,
            Optional<UUID> agentId,
            Optional<String> user,
            Optional<String> kind,
            Optional<String> application,
            Optional<String> text) {}

    private final SqlClient postgres;

    public EventRecords(SqlClient postgres) {
        this.postgres = postgres;
    }

    /** Newest first. */
    public Future<Page<EventRecord>> list(Filter filter, Optional<EventRecord.Key> after, int limit) {
        Select select = new Select(SELECT)
                .whereGiven("e.time >= ?", filter.from().map(time -> time.atOffset(UTC)))
                .whereGiven("e.time < ?", filter.to().map(time -> time.atOffset(UTC)))
                .whereGiven("e.agent_id = ?", filter.agentId())
                .whereGiven("e.\"user\" = ?", filter.user())
                .whereGiven("e.kind = ?", filter.kind())
                .whereGiven("e.application = ?", filter.application());
        filter.text()
                .map(text -> text.toLowerCase(Locale.ROOT))
                .ifPresent(text ->
                        select.where("(strpos(lower(e.title), ?) > 0 or strpos(lower(e.text), ?) > 0)", text, text));
        // the first half alone lets the planner skip partitions that are newer than the page
        after.ifPresent(key -> select.where("e.time <= ?", key.time().atOffset(UTC))
                .where(
                        "(e.time, e.stream_id, e.sequence, e.index) < (?, ?, ?, ?)",
                        key.time().atOffset(UTC),
                        key.streamId(),
                        key.sequence(),
                        key.index()));
        return select.then("order by e.time desc, e.stream_id desc, e.sequence desc, e.index desc")
                .page(postgres, limit, EventRecord::of);
    }
}
