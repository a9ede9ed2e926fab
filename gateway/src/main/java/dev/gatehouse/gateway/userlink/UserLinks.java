package dev.gatehouse.gateway.userlink;

import dev.gatehouse.gateway.splice.Switchboard;
import dev.gatehouse.protocol.message.ErrorCode;
import dev.gatehouse.protocol.message.LinkError;
import dev.gatehouse.protocol.transport.Link;
import dev.gatehouse.protocol.transport.LinkSettings;
import dev.gatehouse.protocol.transport.UserDial;
import dev.gatehouse.shared.people.SignIns.SignIn;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.ServerWebSocketHandshake;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All users' links of a gateway. A WebSocket whose handshake has {@code Authorization} is one; {@code Gatehouse-Session} names the session that it is for, and without it the link is one of its own. Thread-safe.
 */
public final class UserLinks {

    /** Links at once. */
    static final int MOST = 20_000;

    /** Who is told of the links of sessions. Any thread. */
    public interface Watcher {

        void linked(UUID session, SignIn user);

        void unlinked(UUID session, SignIn user);
    }

    /** How often the sign-in behind a link is looked at again. */
    private static final Duration CHECK = Duration.ofSeconds(5);

    private static final int LOOK_MILLIS = 20;
    private static final Logger log = LoggerFactory.getLogger(UserLinks.class);

    private final Vertx vertx;
    private final Users users;
    private final Switchboard switchboard;
    private final Watcher watcher;
    private final Set<UserLink> links = ConcurrentHashMap.newKeySet();
    private final long timer;

    public UserLinks(Vertx vertx, Users users, Switchboard switchboard, Watcher watcher, MeterRegistry meters) {
        this.vertx = vertx;
        this.users = users;
        this.switchboard = switchboard;
        this.watcher = watcher;
        this.timer = vertx.setPeriodic(CHECK.toMillis(), tick -> links.forEach(UserLink::check));
        Gauge.builder("gatehouse_gateway_user_links", links::size)
                .description("Links of users' tools")
                .register(meters);
        Gauge.builder(
                        "gatehouse_gateway_user_tunnels",
                        () -> links.stream().mapToInt(UserLink::tunnels).sum())
                .description("Tunnels of users at this gateway, being opened or open")
                .register(meters);
    }

    /** Whether the handshake is a user's. */
    public static boolean isUser(ServerWebSocketHandshake handshake) {
        return handshake.headers().contains(HttpHeaders.AUTHORIZATION);
    }

    public static boolean isUser(ServerWebSocket socket) {
        return socket.headers().contains(HttpHeaders.AUTHORIZATION);
    }

    /** Accepts the handshake of somebody who is signed in. */
    public void handshake(ServerWebSocketHandshake handshake) {
        if (links.size() >= MOST) {
            handshake.reject(503);
            return;
        }
        if (session(handshake.headers()).isEmpty()) {
            handshake.reject(400);
            return;
        }
        users.authenticate(handshake.headers().get(HttpHeaders.AUTHORIZATION)).onComplete(found -> {
            if (found.failed()) {
                log.warn("A user's sign-in cannot be checked", found.cause());
                handshake.reject(503);
            } else if (found.result().isEmpty()) {
                handshake.reject(401);
            } else {
                handshake.accept();
            }
        });
    }

    /** Takes over an accepted WebSocket, on the context it was made for. */
    public void accept(ServerWebSocket socket) {
        Link link = Link.over(vertx, socket, LinkSettings.DEFAULT);
        String authorization = socket.headers().get(HttpHeaders.AUTHORIZATION);
        users.authenticate(authorization)
                .onComplete(found -> link.context().runOnContext(now -> {
                    if (found.failed() || found.result().isEmpty()) {
                        socket.close(); // it has ended since the handshake
                        return;
                    }
                    begin(link, found.result().get(), session(socket.headers()).orElseThrow(), authorization);
                }));
    }

    private void begin(Link link, SignIn user, UUID session, String authorization) {
        UserLink made = new UserLink(link, user, session, authorization, users, switchboard, this::gone);
        links.add(made);
        watcher.linked(session, user);
        made.start();
    }

    private void gone(UserLink link) {
        if (links.remove(link)) {
            watcher.unlinked(link.session(), link.user());
        }
    }

    /** Looks at the sign-ins of these people again. Any thread. */
    public void check(Set<String> names) {
        links.stream().filter(link -> names.contains(link.user().name())).forEach(UserLink::check);
    }

    /** That the handshake names, or a new one; empty if what it names is none. */
    private static Optional<UUID> session(MultiMap headers) {
        String named = headers.get(UserDial.SESSION);
        if (named == null) {
            return Optional.of(UUID.randomUUID());
        }
        try {
            return Optional.of(UUID.fromString(named));
        } catch (IllegalArgumentException none) {
            return Optional.empty();
        }
    }

    /** Ends them all: their tools go to another gateway and resume there. Completes when they have gone. */
    public Future<Void> close() {
        vertx.cancelTimer(timer);
        LinkError leaving = LinkError.newBuilder()
                .setCode(ErrorCode.DRAINING)
                .setDetail("this gateway is leaving")
                .build();
        links.forEach(link -> link.close(leaving));
        Promise<Void> gone = Promise.promise();
        vertx.runOnContext(begin -> vertx.setPeriodic(1, LOOK_MILLIS, look -> {
            if (links.isEmpty()) {
                vertx.cancelTimer(look);
                gone.tryComplete();
            }
        }));
        return gone.future();
    }
}
