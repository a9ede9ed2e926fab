package dev.gatehouse.cli.output;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** One column of a table: its header, and what of an item it shows. */
public record Column(String header, Function<JsonNode, String> value) {

    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};

    /** A field as it is. */
    public static Column field(String header, String field) {
        return new Column(header, item -> Json.text(item, field));
    }

    /** A field of an object within. */
    public static Column field(String header, String object, String field) {
        return new Column(header, item -> Json.text(item.path(object), field));
    }

    /** A time, to the second. */
    public static Column time(String header, String field) {
        return new Column(header, item -> Json.text(item, field).replaceFirst("\\.\\d+Z$", "Z"));
    }

    /** Bytes for people: {@code 1.4 MiB}. */
    public static Column bytes(String header, Function<JsonNode, JsonNode> value) {
        return new Column(header, item -> bytes(value.apply(item).asLong()));
    }

    /** {@code a=b,c=d}, or {@code a,b} of an array. */
    public static Column joined(String header, String field) {
        return new Column(header, item -> {
            List<String> parts = new ArrayList<>();
            JsonNode value = item.path(field);
            if (value.isArray()) {
                value.forEach(each -> parts.add(each.asText()));
            } else {
                value.properties()
                        .forEach(entry -> parts.add(
                                entry.getKey() + "=" + entry.getValue().asText()));
            }
            return String.join(",", parts);
        });
    }

    /** A number of bytes as people read it. */
    public static String bytes(long bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= 1024 && unit < UNITS.length - 1) {
            value /= 1024;
            unit++;
        }
        return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", value, UNITS[unit]);
    }
}
