package dev.gatehouse.admin.agent;

import dev.gatehouse.admin.http.Json;
import dev.gatehouse.shared.record.AgentRecord;
import io.vertx.core.json.JsonObject;
import java.util.Locale;

/** How an agent looks in answers and live events. */
public final class AgentJson {

    private AgentJson() {}

    public static JsonObject of(AgentRecord agent) {
        return JsonObject.of(
                        "id", agent.id().toString(),
                        "name", agent.name(),
                        "labels", Json.labels(agent.labels()),
                        "state", agent.state().name().toLowerCase(Locale.ROOT),
                        "enrolledAt", agent.enrolledAt().toString(),
                        "lastSeenAt", Json.time(agent.lastSeenAt()),
                        "version", agent.version().orElse(null),
                        "gateways", Json.texts(agent.gateways()))
                .put(
                        "spool",
                        JsonObject.of(
                                "bytes", agent.spool().bytes(),
                                "chunks", agent.spool().chunks(),
                                "refusedBytes", agent.spool().refusedBytes()))
                .put("address", agent.address().orElse(null))
                .put("duplicate", agent.duplicate())
                .put("revokedAt", Json.time(agent.revokedAt()))
                .put("revokedReason", agent.revokedReason().orElse(null));
    }
}
