package dev.gatehouse.protocol.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.protocol.link.Newest.Claim;
import dev.gatehouse.protocol.link.Newest.Outcome;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class NewestTest {

    private static final UUID FIRST = new UUID(0, 1);
    private static final UUID SECOND = new UUID(0, 2);

    private final Newest<String> newest = new Newest<>();

    @Test
    void twoSlotsOfARunStandSideBySide() {
        assertRegistered(newest.claim(new Claim(1, FIRST, 0, 1), "a"));
        assertRegistered(newest.claim(new Claim(1, FIRST, 1, 2), "b"));
        assertThat(newest.links()).containsExactlyInAnyOrder("a", "b");
        assertThat(newest.knownRun()).isEqualTo(1);
    }

    @Test
    void withinASlotTheHigherCounterWins() {
        newest.claim(new Claim(1, FIRST, 0, 5), "old");
        newest.claim(new Claim(1, FIRST, 1, 6), "other slot");
        assertRegistered(newest.claim(new Claim(1, FIRST, 0, 7), "new"), "old");
        assertThat(newest.links()).containsExactlyInAnyOrder("new", "other slot");
    }

    @Test
    void aLateOlderLinkIsSupersededWhateverElseHappened() {
        newest.claim(new Claim(1, FIRST, 0, 7), "new");
        assertThat(newest.claim(new Claim(1, FIRST, 0, 5), "old")).isEqualTo(new Outcome.Superseded<>());
        assertThat(newest.claim(new Claim(1, FIRST, 0, 7), "same")).isEqualTo(new Outcome.Superseded<>());
        // also when the newer has gone meanwhile
        assertThat(newest.leave("new")).isTrue();
        assertThat(newest.claim(new Claim(1, FIRST, 0, 6), "old")).isEqualTo(new Outcome.Superseded<>());
        assertThat(newest.links()).isEmpty();
        assertRegistered(newest.claim(new Claim(1, FIRST, 0, 8), "newer"));
    }

    @Test
    void aHigherRunReplacesAllLinksOfALowerOne() {
        newest.claim(new Claim(1, FIRST, 0, 90), "a");
        newest.claim(new Claim(1, FIRST, 1, 91), "b");
        assertRegistered(newest.claim(new Claim(2, SECOND, 1, 1), "c"), "a", "b");
        assertRegistered(newest.claim(new Claim(2, SECOND, 0, 2), "d"));
        assertThat(newest.links()).containsExactlyInAnyOrder("c", "d");
    }

    @Test
    void aLowerRunIsToldTheKnownOne() {
        newest.claim(new Claim(7, FIRST, 0, 1), "a");
        assertThat(newest.claim(new Claim(6, SECOND, 0, 99), "b")).isEqualTo(new Outcome.Stale<>(7));
        assertThat(newest.links()).containsExactly("a");
        // and comes back with known + 1
        assertRegistered(newest.claim(new Claim(8, SECOND, 0, 1), "b"), "a");
    }

    @Test
    void theSameRunUnderAnotherIdIsADuplicate() {
        newest.claim(new Claim(3, FIRST, 0, 1), "a");
        assertThat(newest.claim(new Claim(3, SECOND, 0, 2), "clone")).isEqualTo(new Outcome.Duplicate<>(FIRST));
        assertThat(newest.claim(new Claim(3, SECOND, 1, 2), "clone")).isEqualTo(new Outcome.Duplicate<>(FIRST));
        newest.leave("a");
        assertThat(newest.claim(new Claim(3, SECOND, 0, 3), "clone")).isEqualTo(new Outcome.Duplicate<>(FIRST));
        assertRegistered(newest.claim(new Claim(3, FIRST, 0, 2), "a again"));
    }

    @Test
    void theOlderCannotUnregisterTheNewer() {
        newest.claim(new Claim(1, FIRST, 0, 1), "old");
        newest.claim(new Claim(1, FIRST, 0, 2), "new");
        assertThat(newest.leave("old")).isFalse();
        assertThat(newest.links()).containsExactly("new");
        assertThat(newest.leave("never seen")).isFalse();
    }

    @Test
    void aRecordedRunCountsWithoutItsLinks() {
        Newest<String> restored = new Newest<>(5, FIRST);
        assertThat(restored.claim(new Claim(4, SECOND, 0, 1), "a")).isEqualTo(new Outcome.Stale<>(5));
        assertThat(restored.claim(new Claim(5, SECOND, 0, 1), "a")).isEqualTo(new Outcome.Duplicate<>(FIRST));
        assertRegistered(restored.claim(new Claim(5, FIRST, 0, 1), "a"));
    }

    @Test
    void whateverTheOrderTheNewestOfEachSlotOfTheNewestRunIsLeft() {
        for (long seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            Newest<Claim> links = new Newest<>();
            Claim[] best = new Claim[Newest.SLOTS];
            long run = 0;
            for (int i = 0; i < 40; i++) {
                Claim claim =
                        new Claim(1 + random.nextInt(4), new UUID(0, 0), random.nextInt(2), 1 + random.nextInt(10));
                links.claim(claim, claim);
                if (claim.run() > run) {
                    run = claim.run();
                    best = new Claim[Newest.SLOTS];
                }
                int slot = claim.slot();
                if (claim.run() == run && (best[slot] == null || claim.counter() > best[slot].counter())) {
                    best[slot] = claim;
                }
            }
            for (Claim claim : best) {
                if (claim != null) {
                    assertThat(links.links()).as("seed %d", seed).contains(claim);
                }
            }
        }
    }

    @Test
    void aClaimHasLimits() {
        assertThatThrownBy(() -> new Claim(0, FIRST, 0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Claim(1, FIRST, 2, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Claim(1, FIRST, 0, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    private static void assertRegistered(Outcome<String> outcome, String... older) {
        assertThat(outcome).isEqualTo(new Outcome.Register<>(List.of(older)));
    }
}
