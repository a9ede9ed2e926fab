package dev.gatehouse.gateway.session;

import dev.gatehouse.shared.people.SignIns.SignIn;
import dev.gatehouse.shared.session.SessionReport;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** One session as far as it goes through this gateway. Thread-safe. */
final class LiveSession {

    /** Who has it: a session of one user is none of another's, whatever id their tools name. */
    record Key(UUID id, String user) {}

    final UUID id;
    final SignIn user;
    final Instant startedAt = Instant.now();
    final AtomicLong bytesUp = new AtomicLong();
    final AtomicLong bytesDown = new AtomicLong();
    final AtomicLong opened = new AtomicLong();
    final AtomicInteger links = new AtomicInteger();
    final Set<LiveTunnel> tunnels = ConcurrentHashMap.newKeySet();
    private final String part;
    private volatile String resource = "";
    private volatile String agentId = "";
    private volatile String endReason;
    private volatile Instant endedAt = startedAt;
    volatile long unlinkedAt; // nanos; while there are no links
    String writtenState; // with `writtenAt`: confined to the writer
    long writtenAt;

    /** @param gateway id of this node */
    LiveSession(UUID id, SignIn user, String gateway) {
        this.id = id;
        this.user = user;
        this.part = gateway + "@" + Long.toHexString(startedAt.toEpochMilli());
    }

    Key key() {
        return new Key(id, user.name());
    }

    String part() {
        return part;
    }

    /** Empty: nothing was asked for yet. */
    String resource() {
        return resource;
    }

    void asksFor(String name) {
        if (resource.isEmpty()) {
            resource = name;
        }
    }

    String agentId() {
        return agentId;
    }

    void opened(UUID agent) {
        agentId = agent.toString();
        opened.incrementAndGet();
    }

    /** Empty: it goes on. */
    Optional<String> endReason() {
        return Optional.ofNullable(endReason);
    }

    /** When it was last in use. */
    Instant lastSeen() {
        return isLive() ? Instant.now() : endedAt;
    }

    /** Unless it has ended before. */
    void endsBy(String reason) {
        if (endReason == null) {
            endedAt = Instant.now();
            endReason = reason;
        }
    }

    /** A tunnel was let through: it has not ended, or not for good. */
    void goesOn() {
        endReason = null;
    }

    /** Whether others are told of it. */
    boolean isLive() {
        return links.get() > 0 && !resource.isEmpty() && (endReason == null || !tunnels.isEmpty());
    }

    SessionReport report() {
        return new SessionReport(
                id, part, user.name(), resource, agentId, startedAt, bytesUp.get(), bytesDown.get(), tunnels.size());
    }
}
