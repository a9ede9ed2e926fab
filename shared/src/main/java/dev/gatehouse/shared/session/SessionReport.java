package dev.gatehouse.shared.session;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.UUID;

/**
 * What one gateway says of one session.
 *
 * @param part names the gateway's part of the session: bytes of a session are the sum over its parts
 * @param resource the first that was asked for
 * @param agentId the newest that has opened; empty text if none has
 * @param tunnels open now or being opened
 */
public record SessionReport(
        UUID id,
        String part,
        String user,
        String resource,
        String agentId,
        Instant startedAt,
        long bytesUp,
        long bytesDown,
        int tunnels) {

    JsonObject json() {
        return JsonObject.of(
                "id", id.toString(),
                "part", part,
                "user", user,
                "resource", resource,
                "agent", agentId,
                "started", startedAt.toString(),
                "up", bytesUp,
                "down", bytesDown,
                "tunnels", tunnels);
    }

    static SessionReport of(JsonObject json) {
        return new SessionReport(
                UUID.fromString(json.getString("id")),
                json.getString("part"),
                json.getString("user"),
                json.getString("resource"),
                json.getString("agent"),
                Instant.parse(json.getString("started")),
                json.getLong("up"),
                json.getLong("down"),
                json.getInteger("tunnels"));
    }
}
