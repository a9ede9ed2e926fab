package dev.gatehouse.admin.http;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How values look in answers. */
public final class Json {

    private Json() {}

    /** RFC 3339 in UTC; null if there is none. */
    public static String time(Optional<Instant> time) {
        return time.map(Instant::toString).orElse(null);
    }

    public static JsonObject labels(Map<String, String> labels) {
        JsonObject json = new JsonObject();
        labels.forEach(json::put);
        return json;
    }

    public static JsonArray texts(List<String> texts) {
        return new JsonArray(List.copyOf(texts));
    }
}
