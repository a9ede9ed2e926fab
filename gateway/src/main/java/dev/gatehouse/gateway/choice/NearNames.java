package dev.gatehouse.gateway.choice;

import dev.gatehouse.shared.settings.DidYouMean;
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
                .map(name -> new Near(name, written.length() > 1 && name.startsWith(written) ? 1 : DidYouMean.distance(written, name)))
                .filter(near -> near.distance() <= far)
                .sorted(Comparator.comparingInt(Near::distance).thenComparing(Near::name))
                .limit(MAX)
                .map(Near::name)
                .toList();
    }
}
