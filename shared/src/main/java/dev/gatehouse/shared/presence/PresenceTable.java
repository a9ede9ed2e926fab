package dev.gatehouse.shared.presence;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The table {@code agent_presence}: a row per agent, written by its gateways in batches. Rows are locked in the order of their ids, so that gateways never wait for each other in a circle. Thread-safe.
 */
public final class PresenceTable {

    /** Rows of one statement. */
    static final int PAGE = 1000;

    private static final String SEEN = """
            insert into agent_presence as p (agent_id, last_seen_at, version, run, run_id, labels, gateways,
                                             spool_bytes, spool_chunks, refused_bytes, duplicate_run_id, address)
            select agent_id, clock_timestamp() - millis * interval '1 ms', version, run, run_id, labels, array[$1],
                   spool_bytes, spool_chunks, refused_bytes, duplicate, address
              from unnest($3::uuid[], $4::bigint[], $5::text[], $6::bigint[], $7::uuid[], $8::jsonb[],
                          $9::bigint[], $10::bigint[], $11::bigint[], $12::uuid[], $13::text[])
                as seen (agent_id, millis, version, run, run_id, labels, spool_bytes, spool_chunks, refused_bytes, duplicate,
                         address)
             order by agent_id
            on conflict (agent_id) do update set
                   last_seen_at = greatest(p.last_seen_at, excluded.last_seen_at),
                   version = case when excluded.run >= p.run then excluded.version else p.version end,
                   labels = case when excluded.run >= p.run then excluded.labels else p.labels end,
                   address = case when excluded.run >= p.run then excluded.address else p.address end,
                   run_id = case when excluded.run >= p.run then excluded.run_id else p.run_id end,
                   run = greatest(p.run, excluded.run),
                   gateways = array(select distinct g from unnest(p.gateways || excluded.gateways) g
                                     where g = any ($2::text[]) order by g),
                   spool_bytes = excluded.spool_bytes,
                   spool_chunks = excluded.spool_chunks,
                   refused_bytes = excluded.refused_bytes,
                   duplicate_run_id = case when excluded.run > p.run then excluded.duplicate_run_id
                                           else coalesce(excluded.duplicate_run_id, p.duplicate_run_id) end
            """;

    private static final String GONE = """
            with locked as (select agent_id from agent_presence where agent_id = any ($2::uuid[]) order by agent_id for update)
            update agent_presence p set gateways = array_remove(p.gateways, $1)
              from locked where p.agent_id = locked.agent_id
            """;

    private final Pool postgres;

    public PresenceTable(Pool postgres) {
        this.postgres = postgres;
    }

    /**
     * Writes what a gateway has seen of its agents, and takes away gateways that no longer live.
     *
     * @param gatewayId who has seen them
     *
     * @param live ids of all live gateways
     */
    public Future<Void> seen(String gatewayId, Collection<String> live, List<Presence> agents) {
        String[] gateways = live.contains(gatewayId) ? live.toArray(String[]::new) : plus(live, gatewayId);
        return inPages(
                agents,
                page -> postgres.preparedQuery(SEEN)
                        .execute(Tuple.tuple()
                                .addString(gatewayId)
                                .addArrayOfString(gateways)
                                .addArrayOfUUID(column(page, Presence::agentId).toArray(UUID[]::new))
                                .addArrayOfLong(
                                        longs(page, agent -> agent.seenAgo().toMillis()))
                                .addArrayOfString(
                                        column(page, Presence::version).toArray(String[]::new))
                                .addArrayOfLong(longs(page, Presence::run))
                                .addArrayOfUUID(column(page, Presence::runId).toArray(UUID[]::new))
                                .addValue(page.stream()
                                        .map(agent -> new JsonObject(Map.copyOf(agent.labels())))
                                        .toArray(JsonObject[]::new))
                                .addArrayOfLong(
                                        longs(page, agent -> agent.spool().bytes()))
                                .addArrayOfLong(
                                        longs(page, agent -> agent.spool().chunks()))
                                .addArrayOfLong(
                                        longs(page, agent -> agent.spool().refusedBytes()))
                                .addArrayOfUUID(page.stream()
                                        .map(agent -> agent.duplicate().orElse(null))
                                        .toArray(UUID[]::new))
                                .addArrayOfString(
                                        column(page, Presence::address).toArray(String[]::new)))
                        .mapEmpty());
    }

    /** The agents have no link to this gateway any more. */
    public Future<Void> gone(String gatewayId, List<UUID> agents) {
        return inPages(
                agents,
                page -> postgres.preparedQuery(GONE)
                        .execute(Tuple.tuple().addString(gatewayId).addArrayOfUUID(page.toArray(UUID[]::new)))
                        .mapEmpty());
    }

    private static <T> Future<Void> inPages(List<T> all, Function<List<T>, Future<Void>> write) {
        if (all.isEmpty()) {
            return Future.succeededFuture();
        }
        int page = Math.min(PAGE, all.size());
        return write.apply(all.subList(0, page)).compose(done -> inPages(all.subList(page, all.size()), write));
    }

    private static <T> Stream<T> column(List<Presence> page, Function<Presence, T> field) {
        return page.stream().map(field);
    }

    private static Long[] longs(List<Presence> page, Function<Presence, Long> field) {
        return column(page, field).toArray(Long[]::new);
    }

    private static String[] plus(Collection<String> live, String self) {
        return Stream.concat(live.stream(), Stream.of(self)).toArray(String[]::new);
    }
}
