package dev.gatehouse.shared.record;

import dev.gatehouse.shared.record.AgentRecord.State;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/** Reads agents and their presence. Thread-safe. */
public final class AgentRecords {

    /** An agent heard of within this time is online: three heartbeats. */
    public static final Duration ONLINE_WITHIN = Duration.ofSeconds(15);

    /** Not {@code clock_timestamp()}: the planner would join all agents before it takes a page of them. */
    private static final String FRESH = "p.last_seen_at > now() - interval '" + ONLINE_WITHIN.toSeconds() + " seconds'";

    private static final String SELECT = """
            select * from (
                select a.id, a.name, a.state = 'revoked' as revoked, coalesce(p.labels, '{}') || a.labels as labels, a.enrolled_at, a.revoked_at, a.revoked_reason,
                    case when a.state = 'revoked' then 'REVOKED' when %s then 'ONLINE' else 'OFFLINE' end as state,
                    p.last_seen_at, p.version, p.gateways, p.spool_bytes, p.spool_chunks, p.refused_bytes, p.address, p.duplicate_run_id
                from agent a left join agent_presence p on p.agent_id = a.id) agent""".formatted(FRESH);

    /**
     * @param name part of it, whatever the case
     *
     * @param label {@code NAME=VALUE}, or {@code NAME} for any value
     */
    public record Filter(Optional<State> state, Optional<String> name, Optional<String> label) {

        public static final Filter ALL = new Filter(Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** How many agents are in each state. */
    public record Counts(long online, long offline, long revoked) {}

    private final SqlClient postgres;

    public AgentRecords(SqlClient postgres) {
        this.postgres = postgres;
    }

    /** By name, from after {@code after}. */
    public Future<Page<AgentRecord>> list(Filter filter, Optional<String> after, int limit) {
        Select select = new Select(SELECT)
                .whereGiven("state = ?", filter.state().map(Enum::name))
                .whereGiven("strpos(lower(name), ?) > 0", filter.name().map(name -> name.toLowerCase(Locale.ROOT)))
                .whereGiven("name > ?", after);
        // says what the planner cannot know of the states, and has an index for those revoked
        filter.state().ifPresent(state -> select.where(state == State.REVOKED ? "revoked" : "not revoked"));
        filter.label().ifPresent(label -> {
            int equals = label.indexOf('=');
            if (equals < 0) {
                select.where("jsonb_exists(labels, ?)", label);
            } else {
                select.where("labels @> ?", JsonObject.of(label.substring(0, equals), label.substring(equals + 1)));
            }
        });
        return select.then("order by name").page(postgres, limit, AgentRecord::of);
    }

    public Future<Optional<AgentRecord>> get(UUID id) {
        return new Select(SELECT).where("id = ?", id).one(postgres, AgentRecord::of);
    }

    /** Agents online now, at most {@code limit}, in no order. */
    public Future<List<AgentRecord>> online(int limit) {
        return postgres.preparedQuery(SELECT + " where state = 'ONLINE' limit $1")
                .execute(Tuple.of(limit))
                .map(rows -> {
                    List<AgentRecord> agents = new ArrayList<>(rows.size());
                    rows.forEach(row -> agents.add(AgentRecord.of(row)));
                    return agents;
                });
    }

    public Future<Counts> counts() {
        return postgres.query("""
                select count(*) filter (where a.state <> 'revoked' and %1$s) as online,
                    count(*) filter (where a.state <> 'revoked' and (%1$s) is not true) as offline,
                    count(*) filter (where a.state = 'revoked') as revoked
                from agent a left join agent_presence p on p.agent_id = a.id""".formatted(FRESH)).execute().map(rows -> {
            var row = rows.iterator().next();
            return new Counts(row.getLong("online"), row.getLong("offline"), row.getLong("revoked"));
        });
    }
}
