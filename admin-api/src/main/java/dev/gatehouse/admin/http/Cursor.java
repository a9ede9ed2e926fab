package dev.gatehouse.admin.http;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * The opaque text that continues a list: the last item's key, with a sum over the operation and its filters. It gives nothing that the filters would not, so the sum only guards against mistakes; what is inside is used as
 * parameters of statements, never as their text.
 */
final class Cursor {

    private Cursor() {}

    static String write(JsonObject key, Call call) {
        byte[] json = JsonObject.of("k", key, "f", sum(key, call)).encode().getBytes(StandardCharsets.UTF_8);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json);
    }

    static JsonObject read(String cursor, Call call) {
        try {
            JsonObject json = new JsonObject(new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8));
            JsonObject key = json.getJsonObject("k");
            if (key != null && Long.valueOf(sum(key, call)).equals(json.getLong("f"))) {
                return key;
            }
        } catch (IllegalArgumentException | DecodeException | ClassCastException tampered) {
            // told below
        }
        throw ApiException.invalid("cursor", cursor, "a nextCursor of this list with the same filters");
    }

    private static long sum(JsonObject key, Call call) {
        TreeMap<String, Object> filters = new TreeMap<>(call.parameters());
        filters.remove("cursor");
        filters.remove("limit");
        CRC32C crc = new CRC32C();
        crc.update((call.operation().id() + filters + key.encode()).getBytes(StandardCharsets.UTF_8));
        return crc.getValue();
    }
}
