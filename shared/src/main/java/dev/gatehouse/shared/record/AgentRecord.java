package dev.gatehouse.shared.record;

import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * An enrolled agent and what its gateways last heard of it.
 *
 * @param labels what it says of itself, overruled by those of its join token
 * @param gateways nodes it had a link to when it was last heard of
 * @param spool what waits on its disk
 * @param address where its newest link came from
 * @param duplicate whether another machine comes with the same identity
 */
public record AgentRecord(
        UUID id,
        String name,
        Map<String, String> labels,
        State state,
        Instant enrolledAt,
        Optional<Instant> lastSeenAt,
        Optional<String> version,
        List<String> gateways,
        Spool spool,
        Optional<String> address,
        boolean duplicate,
        Optional<Instant> revokedAt,
        Optional<String> revokedReason) {

    /** ONLINE: heard of within {@link AgentRecords#ONLINE_WITHIN}. */
    public enum State {
        ONLINE,
        OFFLINE,
        REVOKED
    }

    /**
     * @param refusedBytes not taken from sources since the agent's start, because the spool was full
     */
    public record Spool(long bytes, long chunks, long refusedBytes) {}

    static AgentRecord of(Row row) {
        boolean seen = row.getOffsetDateTime("last_seen_at") != null;
        return new AgentRecord(
                row.getUUID("id"),
                row.getString("name"),
                labels(row.getJsonObject("labels")),
                State.valueOf(row.getString("state")),
                row.getOffsetDateTime("enrolled_at").toInstant(),
                Optional.ofNullable(row.getOffsetDateTime("last_seen_at")).map(OffsetDateTime::toInstant),
                Optional.ofNullable(row.getString("version")),
                seen ? List.of(row.getArrayOfStrings("gateways")) : List.of(),
                seen
                        ? new Spool(
                                row.getLong("spool_bytes"), row.getLong("spool_chunks"), row.getLong("refused_bytes"))
                        : new Spool(0, 0, 0),
                Optional.ofNullable(row.getString("address")).filter(address -> !address.isEmpty()),
                row.getUUID("duplicate_run_id") != null,
                Optional.ofNullable(row.getOffsetDateTime("revoked_at")).map(OffsetDateTime::toInstant),
                Optional.ofNullable(row.getString("revoked_reason")));
    }

    static Map<String, String> labels(JsonObject json) {
        Map<String, String> labels = new TreeMap<>();
        json.forEach(entry -> labels.put(entry.getKey(), String.valueOf(entry.getValue())));
        return labels;
    }
}
