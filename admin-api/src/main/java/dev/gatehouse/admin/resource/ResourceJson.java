package dev.gatehouse.admin.resource;

import dev.gatehouse.admin.http.Json;
import dev.gatehouse.shared.record.ResourceRecord;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Locale;

/** How a resource looks in answers. */
final class ResourceJson {

    private ResourceJson() {}

    static JsonObject of(ResourceRecord resource) {
        JsonArray replicas = new JsonArray();
        resource.replicas().forEach(replica -> replicas.add(of(replica)));
        return JsonObject.of(
                "name", resource.name(),
                "kind", resource.kind(),
                "labels", Json.labels(resource.labels()),
                "registered",
                        resource.registered()
                                .map(registered -> JsonObject.of(
                                        "uri", registered.uri(), "createdBy", registered.createdBy()))
                                .orElse(null),
                "replicas", replicas);
    }

    private static JsonObject of(ResourceRecord.Replica replica) {
        boolean offline = replica.health() == ResourceRecord.Health.OFFLINE;
        return JsonObject.of(
                        "agentId", replica.agentId().toString(),
                        "agentName", replica.agentName(),
                        "health", replica.health().name().toLowerCase(Locale.ROOT),
                        "detail", offline ? "its agent has no link" : replica.detail(),
                        "load", offline ? 0 : replica.load(),
                        "weight", replica.weight(),
                        "labels", Json.labels(replica.labels()))
                .put("gateways", Json.texts(replica.gateways()));
    }
}
