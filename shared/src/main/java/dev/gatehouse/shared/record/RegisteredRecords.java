package dev.gatehouse.shared.record;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads registered resources as they were signed: what gateways tell agents. Thread-safe. */
public final class RegisteredRecords {

    /** In one deployment: every agent that watches may be told all of them. */
    public static final int MAX = 1000;

    /**
     * All of them at one moment.
     *
     * @param version of the topic: rises with each change
     */
    public record Listed(long version, List<Signed> resources) {}

    public record Signed(Map<String, String> labels, Buffer statement, Buffer signature) {}

    private final SqlClient postgres;

    public RegisteredRecords(SqlClient postgres) {
        this.postgres = postgres;
    }

    public Future<Listed> all() {
        return postgres.query("select t.version, r.labels, r.statement, r.signature from topic t"
                        + " left join registered_resource r on true where t.name = 'resources' order by r.name limit " + MAX)
                .execute()
                .map(rows -> {
                    long version = 0;
                    List<Signed> resources = new ArrayList<>();
                    for (Row row : rows) {
                        version = row.getLong(0);
                        if (row.getBuffer(2) != null) {
                            resources.add(new Signed(
                                    AgentRecord.labels(row.getJsonObject(1)), row.getBuffer(2), row.getBuffer(3)));
                        }
                    }
                    return new Listed(version, List.copyOf(resources));
                });
    }
}
