package dev.gatehouse.shared.people;

import dev.gatehouse.shared.settings.AccessSettings.StaleRights;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

/**
 * Who may reach what, as it was when it was last loaded. Pure, immutable, thread-safe. Times are {@link System#nanoTime()} values of this process: only durations come over from the database.
 *
 * @param people all that there are, by name
 * @param locks of people by name, of sessions by the text of their id
 */
public record AccessRights(AccessRules rules, Map<String, Known> people, Map<String, List<Held>> locks) {

    /** Nothing is known. */
    public static final AccessRights NONE = new AccessRights(AccessRules.NONE, Map.of(), Map.of());

    /** Older rights are stale. */
    public static final Duration FRESH = Duration.ofSeconds(10);

    /**
     * A person.
     *
     * @param version rises with each change to them
     */
    public record Known(Set<String> roles, boolean disabled, int version) {}

    /**
     * A lock.
     *
     * @param untilNanos empty: until it is removed
     */
    public record Held(String reason, OptionalLong untilNanos) {

        boolean holds(long nowNanos) {
            return untilNanos.isEmpty() || nowNanos - untilNanos.getAsLong() < 0;
        }
    }

    /** Why nothing at all may be reached, if so. */
    public Optional<String> barred(String user, Optional<UUID> session, long nowNanos) {
        Known known = people.get(user);
        if (known != null && known.disabled) {
            return Optional.of("user " + user + " is disabled");
        }
        return held(user, nowNanos)
                .map(lock -> "user " + user + " is locked: " + lock.reason)
                .or(() -> session.flatMap(id -> held(id.toString(), nowNanos))
                        .map(lock -> "the session is locked: " + lock.reason));
    }

    private Optional<Held> held(String target, long nowNanos) {
        return locks.getOrDefault(target, List.of()).stream()
                .filter(lock -> lock.holds(nowNanos))
                .findFirst();
    }

    /**
     * Whether a resource with these labels may be reached.
     *
     * @param signedInWith roles as the sign-in was checked: for somebody who is newer than these rights
     */
    public Decision may(String user, Set<String> signedInWith, Map<String, String> labels, long nowNanos) {
        Optional<String> barred = barred(user, Optional.empty(), nowNanos);
        if (barred.isPresent()) {
            return new Decision(false, barred.get());
        }
        Known known = people.get(user);
        return rules.decide(known == null ? signedInWith : known.roles, labels);
    }

    /** What a decision by rights of this age is worth. */
    public static Decision aged(Decision decision, Duration age, StaleRights rule) {
        if (age.compareTo(FRESH) <= 0) {
            return decision;
        }
        String since = age.toSeconds() + " s ago";
        return rule == StaleRights.STRICT
                ? new Decision(false, "rights were last known " + since + ", and access.staleRights is strict")
                : new Decision(decision.allowed(), decision.reason() + " (as of " + since + ")");
    }
}
