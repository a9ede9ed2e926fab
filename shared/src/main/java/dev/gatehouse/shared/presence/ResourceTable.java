package dev.gatehouse.shared.presence;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/** The table {@code agent_resource}: a row per agent and resource. One gateway writes an agent's rows at a time. Thread-safe. */
public final class ResourceTable {

    /** Agents of one statement. */
    static final int PAGE = 200;

    private static final String REPLACE = """
            with offered as (
                select * from unnest($2::uuid[], $3::text[], $4::text[], $5::jsonb[], $6::int[], $7::text[], $8::text[], $9::int[],
                                     $10::boolean[])
                    as o (agent_id, name, kind, labels, weight, health, detail, tunnels, registered)),
            gone as (
                delete from agent_resource r where r.agent_id = any ($1::uuid[])
                   and not exists (select from offered o where o.agent_id = r.agent_id and o.name = r.name))
            insert into agent_resource as r (agent_id, name, kind, labels, weight, health, detail, tunnels, registered)
            select agent_id, name, kind, labels, weight, health, detail, tunnels, registered from offered order by agent_id, name
            on conflict (agent_id, name) do update set
                   kind = excluded.kind, labels = excluded.labels, weight = excluded.weight, health = excluded.health,
                   detail = excluded.detail, tunnels = excluded.tunnels, registered = excluded.registered,
                   updated_at = clock_timestamp()
             where (r.kind, r.labels, r.weight, r.health, r.detail, r.tunnels, r.registered)
                   is distinct from (excluded.kind, excluded.labels, excluded.weight, excluded.health, excluded.detail,
                                     excluded.tunnels, excluded.registered)
            """;

    private record Row(UUID agentId, OfferedResources.Offered offered) {}

    private final Pool postgres;

    public ResourceTable(Pool postgres) {
        this.postgres = postgres;
    }

    /** Each of the agents offers just this. */
    public Future<Void> replace(List<OfferedResources> agents) {
        if (agents.isEmpty()) {
            return Future.succeededFuture();
        }
        List<OfferedResources> page = agents.subList(0, Math.min(PAGE, agents.size()));
        return write(page).compose(written -> replace(agents.subList(page.size(), agents.size())));
    }

    private Future<Void> write(List<OfferedResources> page) {
        List<Row> rows = new ArrayList<>();
        page.forEach(agent -> agent.resources().forEach(offered -> rows.add(new Row(agent.agentId(), offered))));
        return postgres.preparedQuery(REPLACE)
                .execute(Tuple.tuple()
                        .addArrayOfUUID(page.stream().map(OfferedResources::agentId).toArray(UUID[]::new))
                        .addArrayOfUUID(rows.stream().map(Row::agentId).toArray(UUID[]::new))
                        .addArrayOfString(texts(rows, OfferedResources.Offered::name))
                        .addArrayOfString(texts(rows, OfferedResources.Offered::kind))
                        .addValue(rows.stream()
                                .map(row -> new JsonObject(Map.copyOf(row.offered().labels())))
                                .toArray(JsonObject[]::new))
                        .addArrayOfInteger(numbers(rows, OfferedResources.Offered::weight))
                        .addArrayOfString(texts(rows, OfferedResources.Offered::health))
                        .addArrayOfString(texts(rows, OfferedResources.Offered::detail))
                        .addArrayOfInteger(numbers(rows, OfferedResources.Offered::tunnels))
                        .addArrayOfBoolean(rows.stream()
                                .map(row -> row.offered().registered())
                                .toArray(Boolean[]::new)))
                .mapEmpty();
    }

    private static String[] texts(List<Row> rows, Function<OfferedResources.Offered, String> field) {
        return rows.stream().map(row -> field.apply(row.offered())).toArray(String[]::new);
    }

    private static Integer[] numbers(List<Row> rows, Function<OfferedResources.Offered, Integer> field) {
        return rows.stream().map(row -> field.apply(row.offered())).toArray(Integer[]::new);
    }
}
