package dev.gatehouse.shared.people;

import dev.gatehouse.protocol.label.Selector;
import dev.gatehouse.protocol.label.SelectorException;
import dev.gatehouse.shared.people.PeopleException.Reason;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Selectors as JSON: {@code [{"env": ["test", "dev"], "team": "web"}]}, one value without the brackets if one likes. Pure. */
public final class SelectorJson {

    private SelectorJson() {}

    /**
     * Reads what somebody has written; fails with {@link PeopleException}.
     *
     * @param field for the message
     */
    public static List<Selector> read(String field, JsonArray json) {
        List<Selector> selectors = new ArrayList<>();
        for (int i = 0; i < json.size(); i++) {
            String at = field + "[" + i + "]";
            if (!(json.getValue(i) instanceof JsonObject labels)) {
                throw wrong(at + " is no object of labels, such as {\"env\": [\"test\"]}");
            }
            try {
                selectors.add(Selector.of(labels(at, labels)));
            } catch (SelectorException refused) {
                throw wrong(at + ": " + refused.getMessage());
            }
        }
        return List.copyOf(selectors);
    }

    /** Reads what is stored. One that this release cannot read would change what the others mean: it fails. */
    static List<Selector> stored(JsonArray json) {
        return read("selector", json);
    }

    public static JsonArray write(List<Selector> selectors) {
        JsonArray json = new JsonArray();
        for (Selector selector : selectors) {
            JsonObject labels = new JsonObject();
            new TreeMap<>(selector.labels()).forEach((key, values) -> labels.put(key, new JsonArray(values)));
            json.add(labels);
        }
        return json;
    }

    private static Map<String, List<String>> labels(String at, JsonObject json) {
        Map<String, List<String>> labels = new LinkedHashMap<>();
        json.forEach(label -> labels.put(
                label.getKey(),
                switch (label.getValue()) {
                    case String one -> List.of(one);
                    case JsonArray many
                    when many.stream().allMatch(String.class::isInstance) ->
                        many.stream().map(String.class::cast).toList();
                    case null, default ->
                        throw wrong(at + "." + label.getKey() + " is " + label.getValue()
                                + "; a text or a list of texts is needed");
                }));
        return labels;
    }

    private static PeopleException wrong(String message) {
        return new PeopleException(Reason.BAD_REQUEST, message);
    }
}
