package dev.gatehouse.gateway.choice;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Names that somebody may have meant. Pure. */
public final class NearNames {

    private static final int MAX = 3;

    /** Names beyond it are not compared: a typing error is not worth more. */
    private static final int MAX_COMPARED = 10_000;

    private NearNames() {}

    /** At most {@link #MAX}, the nearest first: those that differ in few letters, and those that begin with what was written. */
    public static List<String> of(String written, Collection<String> known) {
        int far = Math.max(2, written.length() / 3);
        record Near(String name, int distance) {}
        return known.stream()
                .limit(MAX_COMPARED)
                .map(name -> new Near(name, written.length() > 1 && name.startsWith(written) ? 1 : distance(written, name)))
                .filter(near -> near.distance() <= far)
                .sorted(Comparator.comparingInt(Near::distance).thenComparing(Near::name))
                .limit(MAX)
                .map(Near::name)
                .toList();
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
}
