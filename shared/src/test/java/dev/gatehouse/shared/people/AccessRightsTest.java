package dev.gatehouse.shared.people;

import static dev.gatehouse.shared.people.AccessRulesTest.role;
import static dev.gatehouse.shared.people.AccessRulesTest.rules;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.shared.people.AccessRights.Held;
import dev.gatehouse.shared.people.AccessRights.Known;
import dev.gatehouse.shared.settings.AccessSettings.StaleRights;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AccessRightsTest {

    private static final UUID SESSION = new UUID(1, 2);
    private static final long NOW = Long.MAX_VALUE - 5; // nanoTime may wrap: it does so while the lock holds

    private final AccessRights rights = new AccessRights(
            rules(role("all", "[{'*': '*'}]", "[]")),
            Map.of(
                    "ann", new Known(Set.of("all"), false, 1),
                    "bob", new Known(Set.of("all"), true, 2),
                    "cid", new Known(Set.of(), false, 1),
                    "dan", new Known(Set.of("all"), false, 1)),
            Map.of(
                    "dan",
                    List.of(
                            new Held("over", OptionalLong.of(later(-1))),
                            new Held("audit", OptionalLong.of(later(10)))),
                    SESSION.toString(),
                    List.of(new Held("cut by root", OptionalLong.empty()))));

    @Test
    void whoIsDisabledOrLockedReachesNothing() {
        assertThat(may("ann")).isEqualTo(new Decision(true, "role all allows it"));
        assertThat(may("bob")).isEqualTo(new Decision(false, "user bob is disabled"));
        assertThat(may("dan")).isEqualTo(new Decision(false, "user dan is locked: audit"));
        assertThat(rights.barred("ann", Optional.empty(), NOW)).isEmpty();
        assertThat(rights.barred("ann", Optional.of(SESSION), NOW)).hasValue("the session is locked: cut by root");
        assertThat(rights.barred("ann", Optional.of(new UUID(1, 3)), NOW)).isEmpty();
    }

    @Test
    void aLockEndsWithItsTime() {
        assertThat(rights.barred("dan", Optional.empty(), later(9))).hasValue("user dan is locked: audit");
        assertThat(rights.barred("dan", Optional.empty(), later(10))).isEmpty();
    }

    @Test
    void rolesAreThoseOfNowAndOfTheSignInOnlyForSomebodyNew() {
        assertThat(rights.may("cid", Set.of("all"), Map.of(), NOW).allowed()).isFalse();
        assertThat(rights.may("new", Set.of("all"), Map.of(), NOW).allowed()).isTrue();
        assertThat(rights.may("new", Set.of(), Map.of(), NOW).allowed()).isFalse();
    }

    @Test
    void oldRightsAreGoneByOrRefused() {
        Decision yes = new Decision(true, "role all allows it");
        Decision no = new Decision(false, "role x denies it");
        for (StaleRights rule : StaleRights.values()) {
            assertThat(AccessRights.aged(yes, Duration.ofSeconds(10), rule)).isEqualTo(yes);
        }
        Duration old = Duration.ofMillis(10_001);
        assertThat(AccessRights.aged(yes, old, StaleRights.BEST_EFFORT))
                .isEqualTo(new Decision(true, "role all allows it (as of 10 s ago)"));
        assertThat(AccessRights.aged(no, old, StaleRights.BEST_EFFORT))
                .isEqualTo(new Decision(false, "role x denies it (as of 10 s ago)"));
        assertThat(AccessRights.aged(yes, old, StaleRights.STRICT))
                .isEqualTo(new Decision(false, "rights were last known 10 s ago, and access.staleRights is strict"));
    }

    private Decision may(String user) {
        return rights.may(user, Set.of(), Map.of("a", "b"), NOW);
    }

    /** Wraps around, as the clock may. */
    private static long later(long nanos) {
        return NOW + nanos;
    }
}
