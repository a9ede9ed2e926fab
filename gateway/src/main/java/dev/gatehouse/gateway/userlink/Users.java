package dev.gatehouse.gateway.userlink;

import dev.gatehouse.shared.people.Decision;
import dev.gatehouse.shared.people.Permission;
import dev.gatehouse.shared.people.SignIns;
import dev.gatehouse.shared.people.SignIns.SignIn;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Optional;

/** Who a user is, and what a user may reach: the one place that knows how people are known. Thread-safe. */
public final class Users {

    private static final String BEARER = "Bearer ";

    private final SignIns signIns;

    public Users(SignIns signIns) {
        this.signIns = signIns;
    }

    /** @param authorization the header of that name; empty when it stands for nobody. Fails when that cannot be found out now */
    public Future<Optional<SignIn>> authenticate(String authorization) {
        return authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? signIns.check(authorization.substring(BEARER.length()).strip())
                : Future.succeededFuture(Optional.empty());
    }

    /** Whether a resource with these labels may be reached; for now by the role for everything. */
    public Decision may(SignIn user, Map<String, String> labels) {
        return Decision.of(user.roles(), Permission.WRITE);
    }
}
