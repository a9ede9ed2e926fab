package dev.gatehouse.admin.http;

import dev.gatehouse.shared.record.Page;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.function.Function;

/** The answer of a list: {@code {"items":[…],"nextCursor":…}}. */
public final class Items {

    private Items() {}

    /**
     * @param key of an item, by which {@link Call#cursor()} finds its place again; only text and whole numbers
     */
    public static <T> Answer of(Call call, Page<T> page, Function<T, JsonObject> json, Function<T, JsonObject> key) {
        return of(call, page, json, key, new JsonObject());
    }

    /** @param more what is said beside the items */
    public static <T> Answer of(
            Call call, Page<T> page, Function<T, JsonObject> json, Function<T, JsonObject> key, JsonObject more) {
        JsonArray items = new JsonArray();
        page.items().forEach(item -> items.add(json.apply(item)));
        String next = page.more() ? Cursor.write(key.apply(page.last()), call) : null;
        return Answer.json(JsonObject.of("items", items, "nextCursor", next).mergeIn(more));
    }
}
