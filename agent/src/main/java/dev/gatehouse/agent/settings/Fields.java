package dev.gatehouse.agent.settings;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The fields of one object of the file. Each is taken once by its name; what is wrong goes to the list of problems and a harmless value is given instead, so that reading goes on. {@link #end} finds the fields that nobody has
 * taken.
 */
final class Fields {

    private static final Pattern SIZE = Pattern.compile("(\\d{1,15})\\s*(B|KiB|MiB|GiB|TiB)?");

    private final String path;
    private final JsonNode node;
    private final List<String> problems;
    private final TreeSet<String> known = new TreeSet<>();

    Fields(String path, JsonNode node, List<String> problems) {
        this.path = path;
        this.node = node;
        this.problems = problems;
        if (!node.isObject() && !node.isMissingNode() && !node.isNull()) {
            problems.add(where("") + "is " + shown(node) + "; an object with fields is needed");
        }
    }

    String path() {
        return path;
    }

    Optional<String> text(String name) {
        JsonNode value = take(name);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isValueNode()) {
            problems.add(where(name) + "is " + shown(value) + "; text is needed");
            return Optional.empty();
        }
        return Optional.of(value.asText());
    }

    String needed(String name) {
        Optional<String> value = text(name);
        if (value.filter(text -> !text.isBlank()).isEmpty() && !take(name).isContainerNode()) {
            problems.add(where(name) + "is missing");
        }
        return value.orElse("");
    }

    int number(String name, int otherwise, int min, int max) {
        JsonNode value = take(name);
        if (value.isMissingNode()) {
            return otherwise;
        }
        if (!value.isIntegralNumber() || value.asLong() < min || value.asLong() > max) {
            problems.add(where(name) + "is " + shown(value) + "; a number from " + min + " to " + max + " is needed");
            return otherwise;
        }
        return value.asInt();
    }

    long size(String name, long otherwise, long min) {
        JsonNode value = take(name);
        if (value.isMissingNode()) {
            return otherwise;
        }
        Matcher size = SIZE.matcher(value.asText().strip());
        long bytes = -1;
        if (size.matches()) {
            int shift = size.group(2) == null
                    ? 0
                    : 10 * List.of("B", "KiB", "MiB", "GiB", "TiB").indexOf(size.group(2));
            long digits = Long.parseLong(size.group(1));
            bytes = digits > Long.MAX_VALUE >> shift ? -1 : digits << shift;
        }
        if (bytes < min) {
            problems.add(where(name) + "is " + shown(value) + "; a size like 512MiB or 1GiB, at least " + min
                    + " bytes, is needed");
            return otherwise;
        }
        return bytes;
    }

    Map<String, String> labels(String name) {
        Map<String, String> labels = new LinkedHashMap<>();
        JsonNode value = take(name);
        if (value.isObject()) {
            value.properties().forEach(label -> {
                if (label.getValue().isValueNode()) {
                    labels.put(label.getKey(), label.getValue().asText());
                } else {
                    problems.add(
                            where(name + "." + label.getKey()) + "is " + shown(label.getValue()) + "; text is needed");
                }
            });
        } else if (!value.isMissingNode() && !value.isNull()) {
            problems.add(where(name) + "is " + shown(value) + "; labels (key: value) are needed");
        }
        return labels;
    }

    /** Labels with one or several patterns each. */
    Map<String, List<String>> selector(String name) {
        Map<String, List<String>> selector = new LinkedHashMap<>();
        JsonNode value = take(name);
        if (value.isObject()) {
            Fields labels = new Fields(child(name), value, problems);
            value.fieldNames().forEachRemaining(key -> selector.put(key, labels.texts(key)));
        } else if (!value.isMissingNode() && !value.isNull()) {
            problems.add(where(name) + "is " + shown(value) + "; labels (key: value) are needed");
        }
        return selector;
    }

    /** A list of texts; one text counts as a list of one. */
    List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        JsonNode value = take(name);
        if (value.isValueNode() && !value.isNull()) {
            texts.add(value.asText());
        } else if (value.isArray()) {
            value.forEach(element -> {
                if (element.isValueNode() && !element.isNull()) {
                    texts.add(element.asText());
                } else {
                    problems.add(where(name) + "has " + shown(element) + " in it; a list of texts is needed");
                }
            });
        } else if (!value.isMissingNode() && !value.isNull()) {
            problems.add(where(name) + "is " + shown(value) + "; a list of texts is needed");
        }
        return texts;
    }

    /** A list of objects. */
    List<Fields> objects(String name) {
        List<Fields> objects = new ArrayList<>();
        JsonNode value = take(name);
        if (value.isArray()) {
            for (int i = 0; i < value.size(); i++) {
                objects.add(new Fields(child(name) + "[" + i + "]", value.get(i), problems));
            }
        } else if (!value.isMissingNode() && !value.isNull()) {
            problems.add(where(name) + "is " + shown(value) + "; a list is needed");
        }
        return objects;
    }

    Fields object(String name) {
        return new Fields(child(name), take(name), problems);
    }

    void problem(String name, String what) {
        problems.add(where(name) + what);
    }

    void end() {
        node.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                problems.add(where(name) + "is not known; " + nearest(name, known));
            }
        });
    }

    static String nearest(String name, Iterable<String> allowed) {
        List<String> all = new ArrayList<>();
        allowed.forEach(all::add);
        return all.stream()
                .filter(candidate -> distance(name, candidate) <= Math.max(2, name.length() / 3))
                .min(Comparator.comparingInt(candidate -> distance(name, candidate)))
                .map(candidate -> "did you mean '" + candidate + "'?")
                .orElse("allowed: " + String.join(", ", all));
    }

    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int same = Character.toLowerCase(a.charAt(i - 1)) == Character.toLowerCase(b.charAt(j - 1)) ? 0 : 1;
                int next = Math.min(Math.min(row[j] + 1, row[j - 1] + 1), diagonal + same);
                diagonal = row[j];
                row[j] = next;
            }
        }
        return row[b.length()];
    }

    private JsonNode take(String name) {
        known.add(name);
        return node.path(name);
    }

    private String child(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private String where(String name) {
        return "'" + (name.isEmpty() ? path : child(name)) + "' ";
    }

    private static String shown(JsonNode node) {
        String text = node.toString();
        return text.length() > 60 ? text.substring(0, 57) + "..." : text;
    }
}
