package dev.gatehouse.admin.contract;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The part of JSON Schema that requests of this contract use; a keyword outside it stops the start, so that nothing written in the contract goes unchecked.
 *
 * <p>Pure, immutable, thread-safe.
 */
final class Schema {

    private static final Set<String> KNOWN = Set.of(
            "type",
            "enum",
            "format",
            "pattern",
            "minLength",
            "maxLength",
            "minimum",
            "maximum",
            "default",
            "description",
            "required",
            "properties",
            "additionalProperties",
            "maxProperties",
            "items",
            "minItems",
            "maxItems");

    /** Of a list whose schema says nothing about it. */
    private static final int MAX_ITEMS = 1000;

    /** Longest piece of a wrong value that an answer repeats. */
    private static final int MAX_SHOWN = 100;

    private final JsonObject json;
    private final String type;
    private final Pattern pattern;
    private final Map<String, Schema> properties;
    private final Schema others;
    private final Schema items;

    /**
     * @param json references resolved
     *
     * @param at where it stands, for the message
     */
    Schema(JsonObject json, String at) {
        for (String keyword : json.fieldNames()) {
            if (!KNOWN.contains(keyword)) {
                throw new IllegalArgumentException(at + " uses '" + keyword + "'; known are " + KNOWN);
            }
        }
        this.json = json;
        this.type = json.getString("type");
        this.pattern = json.containsKey("pattern") ? Pattern.compile(json.getString("pattern")) : null;
        this.properties = new java.util.TreeMap<>();
        json.getJsonObject("properties", new JsonObject())
                .forEach(property -> properties.put(
                        property.getKey(), new Schema((JsonObject) property.getValue(), at + "." + property.getKey())));
        this.others =
                json.getValue("additionalProperties") instanceof JsonObject any ? new Schema(any, at + ".*") : null;
        this.items = json.getValue("items") instanceof JsonObject each ? new Schema(each, at + "[]") : null;
    }

    /** The value of a parameter's text: a number where the schema wants one, else the text. */
    Object parse(String text) {
        if (!type.equals("integer")) {
            return text;
        }
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException notOne) {
            return text; // check() will say so
        }
    }

    /** Adds what is wrong with the value. */
    void check(String field, Object value, List<Violation> violations) {
        boolean good = switch (type) {
            case "string" -> value instanceof String text && goodText(text);
            case "integer" -> value instanceof Number number && goodNumber(number);
            case "boolean" -> value instanceof Boolean;
            case "object" -> value instanceof JsonObject object && goodObject(field, object, violations);
            case "array" -> value instanceof JsonArray array && goodArray(field, array, violations);
            default -> throw new IllegalStateException("type " + type);
        };
        if (!good) {
            violations.add(new Violation(field, shown(value), allowed()));
        }
    }

    private boolean goodText(String text) {
        int length = text.codePointCount(0, text.length());
        return text.indexOf('\0') < 0
                && length >= json.getInteger("minLength", 0)
                && length <= json.getInteger("maxLength", Integer.MAX_VALUE)
                && (!json.containsKey("enum") || json.getJsonArray("enum").contains(text))
                && (pattern == null || pattern.matcher(text).find())
                && goodFormat(text);
    }

    private boolean goodFormat(String text) {
        try {
            return switch (json.getString("format", "")) {
                case "uuid" -> UUID.fromString(text).toString().equalsIgnoreCase(text);
                case "date-time" ->
                    OffsetDateTime.parse(text).getYear() >= 0
                            && OffsetDateTime.parse(text).getYear() <= 9999;
                default -> true;
            };
        } catch (IllegalArgumentException | DateTimeException notOne) {
            return false;
        }
    }

    private boolean goodNumber(Number number) {
        return (number instanceof Integer || number instanceof Long)
                && number.longValue() >= json.getLong("minimum", Long.MIN_VALUE)
                && number.longValue() <= json.getLong("maximum", Long.MAX_VALUE);
    }

    private boolean goodObject(String field, JsonObject object, List<Violation> violations) {
        if (object.size() > json.getInteger("maxProperties", Integer.MAX_VALUE)) {
            return false;
        }
        String prefix = field.isEmpty() ? "" : field + ".";
        for (Object required : json.getJsonArray("required", new JsonArray())) {
            if (!object.containsKey((String) required)) {
                violations.add(new Violation(
                        prefix + required,
                        null,
                        properties.get((String) required).allowed()));
            }
        }
        for (Map.Entry<String, Object> entry : object) {
            Schema schema = properties.getOrDefault(entry.getKey(), others);
            if (schema != null) {
                schema.check(prefix + entry.getKey(), entry.getValue(), violations);
            } else if (Boolean.FALSE.equals(json.getValue("additionalProperties"))) {
                violations.add(new Violation(
                        prefix + entry.getKey(), shown(entry.getValue()), "one of " + properties.keySet()));
            }
        }
        return true;
    }

    private boolean goodArray(String field, JsonArray array, List<Violation> violations) {
        if (array.size() < json.getInteger("minItems", 0) || array.size() > json.getInteger("maxItems", MAX_ITEMS)) {
            return false;
        }
        for (int i = 0; i < array.size(); i++) {
            items.check(field + "[" + i + "]", array.getValue(i), violations);
        }
        return true;
    }

    /** What is allowed, in words. */
    String allowed() {
        if (json.containsKey("enum")) {
            return "one of "
                    + String.join(
                            ", ",
                            json.getJsonArray("enum").stream()
                                    .map(String::valueOf)
                                    .toList());
        }
        return switch (type) {
            case "integer" -> "a whole number" + range("minimum", "maximum", "");
            case "boolean" -> "true or false";
            case "object" ->
                json.containsKey("maxProperties")
                        ? "an object of at most " + json.getInteger("maxProperties") + " fields"
                        : "an object";
            case "array" -> "a list" + range("minItems", "maxItems", " items");
            default ->
                switch (json.getString("format", "")) {
                    case "uuid" -> "a UUID";
                    case "date-time" -> "a time such as 2026-01-31T12:00:00Z";
                    default ->
                        pattern != null
                                ? "a text matching " + pattern
                                : "a text" + range("minLength", "maxLength", " characters");
                };
        };
    }

    private String range(String least, String most, String unit) {
        if (json.containsKey(least) && json.containsKey(most)) {
            return " of " + json.getLong(least) + " to " + json.getLong(most) + unit;
        }
        return json.containsKey(most) ? " of at most " + json.getLong(most) + unit : "";
    }

    private static Object shown(Object value) {
        String text = String.valueOf(value);
        return text.length() <= MAX_SHOWN ? value : text.substring(0, MAX_SHOWN) + "…";
    }
}
