package dev.gatehouse.admin.stream;

import dev.gatehouse.admin.http.Json;
import dev.gatehouse.shared.record.StreamRecord;
import io.vertx.core.json.JsonObject;

/** How a stream looks in answers. */
final class StreamJson {

    private StreamJson() {}

    static JsonObject of(StreamRecord stream) {
        return JsonObject.of(
                        "id", stream.id().toString(),
                        "agentId", stream.agentId().toString(),
                        "agentName", stream.agentName().orElse(null),
                        "kind", stream.kind(),
                        "subject", stream.subject(),
                        "mediaType", stream.mediaType(),
                        "name", stream.name(),
                        "openedAt", stream.openedAt().toString(),
                        "closedAt", Json.time(stream.closedAt()),
                        "bytes", stream.contentBytes())
                .put("chunks", stream.chunks())
                .put("firstTime", Json.time(stream.firstTime()))
                .put("lastTime", Json.time(stream.lastTime()))
                .put("missingChunks", stream.missingChunks())
                .put("sha256", stream.sha256().orElse(null));
    }
}
