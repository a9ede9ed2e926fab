package dev.gatehouse.protocol.label;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Chooses by labels: each of its keys must be there with a value that one of the key's patterns matches. Keys are ANDed, the patterns of a key ORed; {@code '*'} as a pattern is any value (the label must be there),
 * {@code '*': '*'} is everything, a selector without keys is nothing. Several selectors of one list are ORed: {@link #any}.
 *
 * <p>Patterns are exact texts, globs with {@code *}, or {@code ^expressions$} in RE2's syntax. Pure; thread-safe; equal when written equally.
 */
public final class Selector {

    /** Labels of one selector. */
    public static final int MAX_KEYS = 64;

    /** Patterns of one key. */
    public static final int MAX_PATTERNS = 64;

    private static final String ANY = "*";

    /** Matches nothing. */
    public static final Selector NOTHING = new Selector(Map.of(), Map.of(), false);

    /** Matches everything. */
    public static final Selector EVERYTHING = new Selector(Map.of(ANY, List.of(ANY)), Map.of(), true);

    private final Map<String, List<String>> written;
    private final Map<String, List<Pattern>> patterns;
    private final boolean everything;

    private Selector(Map<String, List<String>> written, Map<String, List<Pattern>> patterns, boolean everything) {
        this.written = written;
        this.patterns = patterns;
        this.everything = everything;
    }

    /** @param labels key to patterns, of which at least one is needed */
    public static Selector of(Map<String, List<String>> labels) throws SelectorException {
        if (labels.size() > MAX_KEYS) {
            throw new SelectorException(labels.size() + " labels; at most " + MAX_KEYS + " are allowed");
        }
        Map<String, List<String>> written = new TreeMap<>();
        Map<String, List<Pattern>> patterns = new TreeMap<>();
        boolean everything = false;
        for (Map.Entry<String, List<String>> label : labels.entrySet()) {
            String key = label.getKey();
            List<String> values = label.getValue();
            if (values.isEmpty() || values.size() > MAX_PATTERNS) {
                throw new SelectorException(
                        "label '" + key + "' has " + values.size() + " values; 1 to " + MAX_PATTERNS + " are needed");
            }
            written.put(key, List.copyOf(values));
            if (key.equals(ANY)) {
                if (!values.equals(List.of(ANY))) {
                    throw new SelectorException(
                            "label '*' has the value " + values + "; only '*': '*' is allowed, which is everything");
                }
                everything = true; // and does not narrow what the other keys choose
                continue;
            }
            List<Pattern> ofKey = new ArrayList<>(values.size());
            for (String value : values) {
                ofKey.add(Pattern.of(key, value));
            }
            patterns.put(key, List.copyOf(ofKey));
        }
        return new Selector(Map.copyOf(written), patterns, everything);
    }

    /** Reads {@code key=value,key=value}, as command lines and queries have it: the values of a key that is there several times are ORed. */
    public static Selector parse(String text) throws SelectorException {
        Map<String, List<String>> labels = new LinkedHashMap<>();
        for (String part : text.split(",", -1)) {
            int equals = part.indexOf('=');
            if (equals < 1) {
                throw new SelectorException("'" + part + "' is no label; KEY=VALUE,KEY=VALUE is needed");
            }
            labels.computeIfAbsent(part.substring(0, equals).strip(), key -> new ArrayList<>())
                    .add(part.substring(equals + 1).strip());
        }
        return of(labels);
    }

    public boolean matches(Map<String, String> labels) {
        for (Map.Entry<String, List<Pattern>> needed : patterns.entrySet()) {
            String value = labels.get(needed.getKey());
            if (value == null || needed.getValue().stream().noneMatch(pattern -> pattern.matches(value))) {
                return false;
            }
        }
        return everything || !patterns.isEmpty();
    }

    /** Whether one of them matches; none of none does. */
    public static boolean any(List<Selector> selectors, Map<String, String> labels) {
        return selectors.stream().anyMatch(selector -> selector.matches(labels));
    }

    /** Key to patterns, as given. */
    public Map<String, List<String>> labels() {
        return written;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Selector selector && written.equals(selector.written);
    }

    @Override
    public int hashCode() {
        return written.hashCode();
    }

    @Override
    public String toString() {
        return new TreeMap<>(written).toString();
    }
}
