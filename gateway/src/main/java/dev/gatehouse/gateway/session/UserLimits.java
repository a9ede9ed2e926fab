package dev.gatehouse.gateway.session;

import dev.gatehouse.shared.session.SessionReport;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Whether a user may open one more tunnel. Counts are of what is live now, here and at other gateways as they last told: they cannot leak, and may be a second behind. Pure.
 */
record UserLimits(int tunnels, int sessions) {

    /**
     * Why not, if so.
     *
     * @param here and {@code elsewhere}: the user's live sessions
     */
    Optional<String> refusal(UUID session, List<SessionReport> here, List<SessionReport> elsewhere) {
        Set<UUID> ids = new HashSet<>();
        long open = 0;
        for (List<SessionReport> each : List.of(here, elsewhere)) {
            for (SessionReport report : each) {
                ids.add(report.id());
                open += report.tunnels();
            }
        }
        if (open >= tunnels) {
            return Optional.of(open + " tunnels of this user are open; at most " + tunnels
                    + " are allowed (access.tunnelsPerUser)");
        }
        if (!ids.contains(session) && ids.size() >= sessions) {
            return Optional.of(ids.size() + " sessions of this user are active; at most " + sessions
                    + " are allowed (access.sessionsPerUser)");
        }
        return Optional.empty();
    }
}
