package dev.gatehouse.shared.people;

import dev.gatehouse.protocol.label.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whether roles let somebody reach a resource: one of them must allow it by its labels and none may deny it. Pure, immutable, thread-safe.
 *
 * @param roles all that there are, by name
 */
public record AccessRules(Map<String, AccessRole> roles) {

    public static final AccessRules NONE = new AccessRules(Map.of());

    /** @param names roles of who asks; one that is not there gives nothing */
    public Decision decide(Set<String> names, Map<String, String> labels) {
        List<String> allowing = new ArrayList<>();
        for (String name : new TreeSet<>(names)) {
            AccessRole role = roles.get(name);
            if (role == null) {
                continue;
            }
            if (Selector.any(role.deny(), labels)) {
                return new Decision(false, "role " + name + " denies it");
            }
            if (Selector.any(role.allow(), labels)) {
                allowing.add(name);
            }
        }
        if (!allowing.isEmpty()) {
            return new Decision(true, "role " + allowing.getFirst() + " allows it");
        }
        return new Decision(
                false,
                names.isEmpty()
                        ? "there is no role that could allow it"
                        : "none of the roles " + String.join(", ", new TreeSet<>(names)) + " allows it");
    }
}
