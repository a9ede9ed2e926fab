package dev.gatehouse.shared.record;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Optional;

/** Reads the nodes of the cluster, present and recent. Thread-safe. */
public final class NodeRecords {

    /** A node silent for this long is gone, whatever it last said. */
    public static final Duration GONE_AFTER = Duration.ofSeconds(30);

    private static final String SELECT = """
            select * from (
                select n.*, coalesce(l.holder = n.id and l.expires_at > clock_timestamp(), false) as master,
                    case when n.seen_at < clock_timestamp() - interval '%d seconds' then 'gone' else n.state end as shown
                from node n left join master_lease l on true) node""".formatted(GONE_AFTER.toSeconds());

    private final SqlClient postgres;

    public NodeRecords(SqlClient postgres) {
        this.postgres = postgres;
    }

    /** By id, from after {@code after}. */
    public Future<Page<NodeRecord>> list(Optional<String> after, int limit) {
        return new Select(SELECT)
                .whereGiven("id > ?", after)
                .then("order by id")
                .page(postgres, limit, NodeRecords::record);
    }

    public Future<Optional<NodeRecord>> get(String id) {
        return new Select(SELECT).where("id = ?", id).one(postgres, NodeRecords::record);
    }

    private static NodeRecord record(Row row) {
        return new NodeRecord(
                row.getString("id"),
                row.getString("name"),
                row.getString("role"),
                row.getString("shown"),
                row.getBoolean("master"),
                row.getString("version"),
                row.getString("address"),
                row.getOffsetDateTime("started_at").toInstant(),
                row.getOffsetDateTime("seen_at").toInstant(),
                Optional.ofNullable(row.getOffsetDateTime("certificate_until")).map(OffsetDateTime::toInstant));
    }
}
