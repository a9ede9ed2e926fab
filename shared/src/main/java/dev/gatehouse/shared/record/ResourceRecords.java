package dev.gatehouse.shared.record;

import dev.gatehouse.shared.record.ResourceRecord.Health;
import dev.gatehouse.shared.record.ResourceRecord.Registration;
import dev.gatehouse.shared.record.ResourceRecord.Replica;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Reads resources: what agents that are not revoked offer or have last offered, and what is registered. Thread-safe. */
public final class ResourceRecords {

    /** Replicas of one resource that are listed. */
    static final int MAX_REPLICAS = 1000;

    private static final String NAMES = """
            select name from agent_resource r where exists (select from agent a where a.id = r.agent_id and a.state <> 'revoked')
            union select name from registered_resource""";

    private static final String SELECT = """
            select n.name, g.kind as registered_kind, g.uri, g.labels as registered_labels, g.weight as registered_weight, g.created_by,
                   coalesce(r.replicas, '[]') as replicas
              from (select name from (%s) names where name > $1 and ($3::text is null or name = $3) order by name limit $2) n
              left join registered_resource g on g.name = n.name
              left join lateral (
                   select jsonb_agg(replica) as replicas from (
                        select jsonb_build_object('agentId', a.id, 'agentName', a.name, 'kind', r.kind, 'labels', r.labels,
                                   'health', case when p.last_seen_at > now() - interval '%d seconds' and p.gateways <> '{}'
                                                  then r.health else 'offline' end,
                                   'detail', r.detail, 'load', r.tunnels, 'weight', r.weight, 'gateways', p.gateways) as replica
                          from agent_resource r
                          join agent a on a.id = r.agent_id and a.state <> 'revoked'
                          left join agent_presence p on p.agent_id = r.agent_id
                         where r.name = n.name order by a.name limit %d) replicas) r on true
             order by n.name""".formatted(NAMES, AgentRecords.ONLINE_WITHIN.toSeconds(), MAX_REPLICAS);

    private final SqlClient postgres;

    public ResourceRecords(SqlClient postgres) {
        this.postgres = postgres;
    }

    /** By name, from after {@code after}. */
    public Future<Page<ResourceRecord>> list(Optional<String> after, int limit) {
        int bounded = Math.min(limit, Page.MAX);
        return postgres.preparedQuery(SELECT)
                .execute(Tuple.of(after.orElse(""), bounded + 1, null))
                .map(rows -> Page.of(rows, bounded, ResourceRecords::record));
    }

    public Future<Optional<ResourceRecord>> get(String name) {
        return postgres.preparedQuery(SELECT)
                .execute(Tuple.of("", 1, name))
                .map(rows -> rows.size() == 0
                        ? Optional.<ResourceRecord>empty()
                        : Optional.of(record(rows.iterator().next())));
    }

    /** All names, the first ten thousand; for suggesting one. */
    public Future<List<String>> names() {
        return postgres.query("select name from (" + NAMES + ") names order by name limit 10000")
                .execute()
                .map(rows -> {
                    List<String> names = new ArrayList<>(rows.size());
                    rows.forEach(row -> names.add(row.getString(0)));
                    return names;
                });
    }

    private static ResourceRecord record(Row row) {
        Optional<Registration> registered = Optional.ofNullable(row.getString("uri"))
                .map(uri -> new Registration(
                        row.getString("registered_kind"),
                        uri,
                        AgentRecord.labels(row.getJsonObject("registered_labels")),
                        row.getInteger("registered_weight"),
                        row.getString("created_by")));
        JsonArray all = row.getJsonArray("replicas");
        List<Replica> replicas = new ArrayList<>(all.size());
        for (int i = 0; i < all.size(); i++) {
            replicas.add(replica(all.getJsonObject(i)));
        }
        String kind = all.isEmpty()
                ? registered.map(Registration::kind).orElse("")
                : all.getJsonObject(0).getString("kind");
        Map<String, String> labels = all.isEmpty()
                ? registered.map(Registration::labels).orElse(Map.of())
                : replicas.getFirst().labels();
        return new ResourceRecord(row.getString("name"), kind, labels, registered, List.copyOf(replicas));
    }

    private static Replica replica(JsonObject json) {
        List<String> gateways = new ArrayList<>();
        JsonArray known = json.getJsonArray("gateways");
        for (int i = 0; known != null && i < known.size(); i++) {
            gateways.add(known.getString(i));
        }
        return new Replica(
                UUID.fromString(json.getString("agentId")),
                json.getString("agentName"),
                Health.valueOf(json.getString("health").toUpperCase(Locale.ROOT)),
                json.getString("detail"),
                json.getInteger("load"),
                json.getInteger("weight"),
                AgentRecord.labels(json.getJsonObject("labels")),
                List.copyOf(gateways));
    }
}
