package dev.gatehouse.gateway.session;

import dev.gatehouse.gateway.splice.Replicas;
import dev.gatehouse.gateway.splice.Replicas.Refusal;
import dev.gatehouse.gateway.splice.SessionGate;
import dev.gatehouse.gateway.userlink.UserLinks;
import dev.gatehouse.gateway.userlink.Users;
import dev.gatehouse.protocol.message.CloseCode;
import dev.gatehouse.protocol.tunnel.TunnelEnd;
import dev.gatehouse.shared.people.SignIns.SignIn;
import dev.gatehouse.shared.session.SessionCopies;
import dev.gatehouse.shared.session.SessionReport;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/**
 * The sessions that go through this gateway: begins with the first link that names it, ends when it has had none for as long as a tunnel may be resumed. Refuses what locks, roles and limits forbid, and cuts what they forbid
 * from now on. Thread-safe.
 */
public final class Sessions implements SessionGate, UserLinks.Watcher {

    private static final String CLOSED = "closed";

    private final String self;
    private final Users users;
    private final Replicas replicas;
    private final SessionCopies copies;
    private final UserLimits limits;
    private final Map<LiveSession.Key, LiveSession> live = new ConcurrentHashMap<>();

    public Sessions(
            String self,
            Users users,
            Replicas replicas,
            SessionCopies copies,
            int tunnelsPerUser,
            int sessionsPerUser) {
        this.self = self;
        this.users = users;
        this.replicas = replicas;
        this.copies = copies;
        this.limits = new UserLimits(tunnelsPerUser, sessionsPerUser);
    }

    @Override
    public void linked(UUID session, SignIn user) {
        live.compute(new LiveSession.Key(session, user.name()), (key, known) -> {
            LiveSession one = known == null ? new LiveSession(session, user, self) : known;
            one.links.incrementAndGet();
            return one;
        });
    }

    @Override
    public void unlinked(UUID session, SignIn user) {
        live.computeIfPresent(new LiveSession.Key(session, user.name()), (key, known) -> {
            known.unlinkedAt = System.nanoTime();
            if (known.links.decrementAndGet() == 0) {
                known.endsBy(CLOSED);
            }
            return known;
        });
    }

    @Override
    public Optional<Refusal> refusal(Asked tunnel) {
        Optional<Refusal> barred = barred(tunnel);
        if (barred.isPresent()) {
            return barred;
        }
        if (tunnel.resume()) {
            return notAllowed(tunnel);
        }
        String user = tunnel.user().name();
        return limits.refusal(tunnel.session(), here(user), copies.of(user, self))
                .map(why -> new Refusal(CloseCode.TOO_MANY, why));
    }

    private Optional<Refusal> barred(Asked tunnel) {
        return users.barred(tunnel.user(), tunnel.session()).map(why -> new Refusal(CloseCode.FORBIDDEN, why));
    }

    /** What runs goes on while nothing new is known. */
    private Optional<Refusal> notAllowed(Asked tunnel) {
        return users.stale() ? Optional.empty() : replicas.forbidden(tunnel.resource(), tunnel.agent(), tunnel.user());
    }

    private List<SessionReport> here(String user) {
        return live.values().stream()
                .filter(session -> session.user.name().equals(user) && session.isLive())
                .map(LiveSession::report)
                .toList();
    }

    @Override
    public Watch begin(Asked asked, BiConsumer<CloseCode, String> cut) {
        LiveSession session =
                live.get(new LiveSession.Key(asked.session(), asked.user().name()));
        session.asksFor(asked.resource());
        session.goesOn();
        LiveTunnel tunnel = new LiveTunnel(session, asked, cut);
        session.tunnels.add(tunnel);
        barred(asked).ifPresent(why -> end(session, tunnel, why.detail())); // since it was asked about
        return tunnel;
    }

    /** Roles or locks have changed: ends what they forbid now. Any thread. */
    public void recheck() {
        for (LiveSession session : live.values()) {
            for (LiveTunnel tunnel : session.tunnels) {
                barred(tunnel.asked())
                        .or(() -> notAllowed(tunnel.asked()))
                        .ifPresent(why -> end(session, tunnel, why.detail()));
            }
        }
    }

    private static void end(LiveSession session, LiveTunnel tunnel, String why) {
        session.endsBy(why);
        tunnel.cut(why);
    }

    /**
     * Forgets those that have had no link for too long.
     *
     * @return them
     */
    List<LiveSession> takeOver() {
        List<LiveSession> over = new ArrayList<>();
        long now = System.nanoTime();
        for (LiveSession.Key key : live.keySet()) {
            live.computeIfPresent(key, (same, session) -> {
                if (session.links.get() > 0 || now - session.unlinkedAt < TunnelEnd.RESUME.toNanos()) {
                    return session;
                }
                over.add(session);
                return null;
            });
        }
        return over;
    }

    Collection<LiveSession> all() {
        return live.values();
    }

    /** Of those that are live. */
    List<SessionReport> reports() {
        return live.values().stream()
                .filter(LiveSession::isLive)
                .map(LiveSession::report)
                .toList();
    }
}
