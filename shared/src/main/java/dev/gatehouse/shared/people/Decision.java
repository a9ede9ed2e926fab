package dev.gatehouse.shared.people;

import java.util.Set;

/**
 * Whether a person may. Pure.
 *
 * @param reason for people: the role that allows it, or what is lacking
 */
public record Decision(boolean allowed, String reason) {

    public static Decision of(Set<PersonRole> roles, Permission permission) {
        if (roles.contains(PersonRole.ADMINISTRATOR)) {
            return new Decision(true, "role administrator");
        }
        if (permission == Permission.READ && roles.contains(PersonRole.AUDITOR)) {
            return new Decision(true, "role auditor");
        }
        return new Decision(
                false, "needs the role administrator" + (permission == Permission.READ ? " or auditor" : ""));
    }
}
