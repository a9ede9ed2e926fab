package dev.gatehouse.shared.people;

import java.util.Set;

/**
 * Whether a person may. Pure. Names of roles that are not built in say nothing here: they are about resources, see {@link AccessRules}.
 *
 * @param reason for people: the role that allows it, or what is lacking
 */
public record Decision(boolean allowed, String reason) {

    public static Decision of(Set<String> roles, Permission permission) {
        if (roles.contains(PersonRole.ADMINISTRATOR.word())) {
            return new Decision(true, "role administrator");
        }
        if (permission == Permission.READ && roles.contains(PersonRole.AUDITOR.word())) {
            return new Decision(true, "role auditor");
        }
        return new Decision(
                false, "needs the role administrator" + (permission == Permission.READ ? " or auditor" : ""));
    }
}
