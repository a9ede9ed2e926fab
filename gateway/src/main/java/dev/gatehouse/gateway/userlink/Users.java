package dev.gatehouse.gateway.userlink;

import dev.gatehouse.shared.people.AccessRights;
import dev.gatehouse.shared.people.AccessView;
import dev.gatehouse.shared.people.Decision;
import dev.gatehouse.shared.people.SignIns;
import dev.gatehouse.shared.people.SignIns.SignIn;
import dev.gatehouse.shared.settings.AccessSettings.StaleRights;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Who a user is, and what a user may reach: the one place that knows how people are known. Thread-safe. */
public final class Users {

    private static final String BEARER = "Bearer ";

    private final SignIns signIns;
    private final AccessView view;
    private final StaleRights stale;

    public Users(SignIns signIns, AccessView view, StaleRights stale) {
        this.signIns = signIns;
        this.view = view;
        this.stale = stale;
    }

    /** @param authorization the header of that name; empty when it stands for nobody. Fails when that cannot be found out now */
    public Future<Optional<SignIn>> authenticate(String authorization) {
        return authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? signIns.check(authorization.substring(BEARER.length()).strip())
                : Future.succeededFuture(Optional.empty());
    }

    /** Whether a new tunnel to a resource with these labels may be opened: by the roles as they are now, not as they were at the sign-in. */
    public Decision may(SignIn user, Map<String, String> labels) {
        if (!view.known()) {
            return new Decision(false, "roles have not been loaded yet");
        }
        return AccessRights.aged(
                view.rights().may(user.name(), user.roles(), labels, System.nanoTime()), view.age(), stale);
    }

    /** Whether {@link #may} may say no for no other reason than that nothing new is known. */
    public boolean stale() {
        return !view.known() || view.age().compareTo(AccessRights.FRESH) > 0;
    }

    /** Why the user or the session may reach nothing at all, if so. */
    public Optional<String> barred(SignIn user, UUID session) {
        return view.rights().barred(user.name(), Optional.of(session), System.nanoTime());
    }
}
