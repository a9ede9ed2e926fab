package dev.gatehouse.e2e.nemesis;

import dev.gatehouse.e2e.nemesis.Nemesis.Kind;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * What goes wrong when, decided by a seed alone: two lanes side by side, each one nemesis after the other with a pause between, so that mostly one and often two things are wrong at once. All kinds are dealt like
 * cards from one shuffled deck, so that each comes as often as the others, and all in the first minute. No target is in two nemeses at a time. Pure.
 */
record Schedule(long seed, List<Nemesis> nemeses) {

    private static final int LANES = 2;
    private static final long MIN_PAUSE_MILLIS = 300;
    private static final long MAX_PAUSE_MILLIS = 1_500;

    /** A kind, among what its target is chosen, and the bounds of how long it lasts. */
    private record Card(Kind kind, List<String> targets, long minMillis, long maxMillis) {}

    static Schedule of(long seed, Duration length, Targets targets) {
        return new Dealer(seed, length, deck(targets)).deal();
    }

    /** A member is missed after 12 s, a silent link after 10 s. */
    private static List<Card> deck(Targets targets) {
        List<Card> deck = new ArrayList<>(List.of(
                new Card(Kind.FREEZE, targets.services(), 14_000, 17_000),
                new Card(Kind.KILL, targets.services(), 500, 4_000),
                new Card(Kind.DIE, targets.services(), 1_000, 1_000),
                new Card(Kind.FREEZE, targets.foundations(), 1_000, 5_000),
                new Card(Kind.KILL, targets.agents(), 500, 2_000),
                new Card(Kind.CUT, targets.ways(), 2_000, 12_000),
                new Card(Kind.CUT_THERE, targets.ways(), 2_000, 8_000),
                new Card(Kind.CUT_BACK, targets.ways(), 2_000, 8_000),
                new Card(Kind.SLOW, targets.ways(), 3_000, 8_000)));
        targets.foundations().forEach(each -> deck.add(new Card(Kind.KILL, List.of(each), 500, 3_000)));
        deck.removeIf(card -> card.targets().isEmpty());
        return deck;
    }

    /** When the last is put right. */
    Duration ends() {
        return nemeses.stream().map(Nemesis::ends).max(Comparator.naturalOrder()).orElse(Duration.ZERO);
    }

    @Override
    public String toString() {
        return "seed " + seed + ":\n" + nemeses.stream().map(each -> "  " + each).collect(Collectors.joining("\n"));
    }

    /** The dealing of one schedule. */
    private static final class Dealer {

        private final long seed;
        private final Random random;
        private final long length;
        private final List<Card> deck;
        private final Deque<Card> shuffled = new ArrayDeque<>();
        private final List<Nemesis> dealt = new ArrayList<>();
        private final long[] free = new long[LANES];

        Dealer(long seed, Duration length, List<Card> deck) {
            this.seed = seed;
            this.random = new Random(seed);
            this.length = length.toMillis();
            this.deck = deck;
        }

        Schedule deal() {
            for (int lane = 0; lane < LANES; lane++) {
                free[lane] = pause();
            }
            for (int lane = earliest(); free[lane] < length; lane = earliest()) {
                free[lane] = one(free[lane]) + pause();
            }
            return new Schedule(seed, List.copyOf(dealt));
        }

        private int earliest() {
            int first = 0;
            for (int lane = 1; lane < LANES; lane++) {
                first = free[lane] < free[first] ? lane : first;
            }
            return first;
        }

        private long pause() {
            return random.nextLong(MIN_PAUSE_MILLIS, MAX_PAUSE_MILLIS);
        }

        /** Deals the next card at that time, if it has a target that is whole; answers when the lane is free again. */
        private long one(long at) {
            if (shuffled.isEmpty()) {
                List<Card> again = new ArrayList<>(deck);
                Collections.shuffle(again, random);
                shuffled.addAll(again);
            }
            Card card = shuffled.removeFirst();
            long lasts = random.nextLong(card.minMillis(), card.maxMillis() + 1);
            List<String> whole =
                    card.targets().stream().filter(name -> isWhole(name, at)).toList();
            if (whole.isEmpty()) {
                return at;
            }
            String target = whole.get(random.nextInt(whole.size()));
            dealt.add(new Nemesis(card.kind(), target, Duration.ofMillis(at), Duration.ofMillis(lasts)));
            return at + lasts;
        }

        private boolean isWhole(String name, long at) {
            return dealt.stream()
                    .noneMatch(each ->
                            each.target().equals(name) && each.ends().toMillis() + MIN_PAUSE_MILLIS > at);
        }
    }
}
