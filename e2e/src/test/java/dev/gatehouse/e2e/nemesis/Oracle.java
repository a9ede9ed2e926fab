package dev.gatehouse.e2e.nemesis;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an all-knowing observer holds against what is stored: each text that a source has written is stored once and as it was written. A text begins with a key of its own, up to the first blank. Pure; confined to one thread.
 */
final class Oracle {

    private static final int SHOWN = 10;

    private final Map<String, String> written = new TreeMap<>();

    /**
     * What is wrong, all empty if nothing is.
     *
     * @param missing written and not stored
     * @param different stored as it was never written
     * @param duplicated stored more than once
     */
    record Findings(List<String> missing, List<String> different, List<String> duplicated) {

        boolean good() {
            return missing.isEmpty() && different.isEmpty() && duplicated.isEmpty();
        }

        @Override
        public String toString() {
            return say("missing", missing) + ", " + say("different", different) + ", "
                    + say("duplicated", duplicated);
        }

        private static String say(String word, List<String> texts) {
            String some = texts.isEmpty() ? "" : " " + texts.subList(0, Math.min(SHOWN, texts.size()));
            return texts.size() + " " + word + some;
        }
    }

    void written(String text) {
        if (written.put(key(text), text) != null) {
            throw new IllegalArgumentException("written twice: " + text);
        }
    }

    int size() {
        return written.size();
    }

    /** @param stored texts in any order */
    Findings against(Collection<String> stored) {
        Map<String, Integer> times = new HashMap<>();
        List<String> different = new ArrayList<>();
        for (String text : stored) {
            if (text.equals(written.get(key(text)))) {
                times.merge(text, 1, Integer::sum);
            } else {
                different.add(text);
            }
        }
        return new Findings(
                written.values().stream().filter(text -> !times.containsKey(text)).toList(),
                different.stream().sorted().toList(),
                written.values().stream()
                        .filter(text -> times.getOrDefault(text, 0) > 1)
                        .toList());
    }

    private static String key(String text) {
        int blank = text.indexOf(' ');
        return blank < 0 ? text : text.substring(0, blank);
    }
}
