package dev.gatehouse.cli.connect;

import dev.gatehouse.protocol.link.ControlFrame;
import dev.gatehouse.protocol.message.CloseCode;
import dev.gatehouse.protocol.message.Control;
import dev.gatehouse.protocol.message.ErrorCode;
import dev.gatehouse.protocol.socket.PlainSocket;
import dev.gatehouse.protocol.transport.Link;
import dev.gatehouse.protocol.transport.LinkTunnels;
import dev.gatehouse.protocol.transport.UserDial;
import dev.gatehouse.protocol.tunnel.WindowBudget;
import dev.gatehouse.protocol.wire.Frame;
import dev.gatehouse.protocol.wire.FrameType;
import dev.gatehouse.protocol.wire.ProtocolException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The tunnels of one {@code connect}: all local connections over one link, which is dialled again, to whichever gateway answers, as long as they are wanted.
 *
 * <p>Confined to the context it was made on.
 */
public final class UserTunnels {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final Vertx vertx;
    private final Context context;
    private final UserDial dial;
    private final List<URI> gateways;
    private final String resource;
    private final Optional<UUID> agent;
    private final Narrator narrator;
    private final UUID session = UUID.randomUUID();
    private final WindowBudget budget = new WindowBudget(WindowBudget.LINK);
    private final Set<UserTunnel> tunnels = new LinkedHashSet<>();
    private final List<URI> round = new ArrayList<>();
    private LinkTunnels link; // null while there is none
    private String affinity = "";
    private String refusal = "";
    private Duration pause = FIRST_PAUSE;
    private final Promise<Void> gone = Promise.promise();
    private boolean dialling;
    private boolean closed;

    /**
     * @param gateways HTTPS addresses; any of them will do
     *
     * @param agent the only one that will do, if one is named
     */
    public UserTunnels(
            Vertx vertx, UserDial dial, List<URI> gateways, String resource, Optional<UUID> agent, Narrator narrator) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.dial = dial;
        this.gateways = List.copyOf(gateways);
        this.resource = resource;
        this.agent = agent;
        this.narrator = narrator;
    }

    /** Dials, if there is no link. */
    public void begin() {
        if (link == null && !dialling && !closed) {
            dialling = true;
            if (round.isEmpty()) {
                round.addAll(gateways);
                Collections.shuffle(round);
            }
            URI url = round.removeLast();
            dial.to(url, session)
                    .onComplete(dialled -> context.runOnContext(now -> {
                        dialling = false;
                        if (dialled.succeeded()) {
                            linked(url, dialled.result());
                        } else if (dialled.cause() instanceof UserDial.NotSignedInException) {
                            narrator.notSignedIn(dialled.cause().getMessage());
                        } else {
                            unlinked(url + ": " + dialled.cause().getMessage());
                        }
                    }));
        }
    }

    /** Takes over a local connection. */
    public void accepted(PlainSocket connection) {
        UserTunnel tunnel = new UserTunnel(this, vertx, connection);
        tunnels.add(tunnel);
        tunnel.start();
        if (link != null) {
            tunnel.over(link);
        } else {
            begin();
        }
    }

    public int count() {
        return tunnels.size();
    }

    /** Whether a gateway is linked to. */
    public boolean isLinked() {
        return link != null;
    }

    /** Ends all of them, and the link; completes when that has gone. */
    public Future<Void> close() {
        closed = true;
        List.copyOf(tunnels).forEach(tunnel -> tunnel.close(CloseCode.RESET_BY_USER, "the user's end stops"));
        if (link == null) {
            return Future.succeededFuture();
        }
        link.link().close();
        return gone.future();
    }

    private void linked(URI url, Link made) {
        LinkTunnels fresh = LinkTunnels.opening(made);
        made.onDrain(fresh::drained);
        made.start(frame -> frame(fresh, frame), end -> {
            if (link == fresh) {
                link = null;
            }
            fresh.ended();
            if (closed) {
                gone.tryComplete();
            }
            unlinked(url + ": " + (refusal.isEmpty() ? end.detail() : refusal));
        });
        if (closed || !made.isOpen()) {
            made.close();
            return;
        }
        refusal = "";
        pause = FIRST_PAUSE;
        link = fresh;
        int resumed = 0;
        for (UserTunnel tunnel : List.copyOf(tunnels)) {
            resumed += tunnel.over(fresh) ? 1 : 0;
        }
        narrator.linked(url.toString(), resumed);
    }

    private void frame(LinkTunnels of, Frame frame) throws ProtocolException {
        if (LinkTunnels.isTunnel(frame.type())) {
            of.received(frame);
        } else if (frame.type() == FrameType.CONTROL) {
            Control control = ControlFrame.read(frame);
            if (control.hasError()) {
                refusal = control.getError().getDetail();
                if (control.getError().getCode() == ErrorCode.REVOKED) {
                    narrator.notSignedIn(refusal);
                }
            }
        } else {
            throw new ProtocolException(ErrorCode.BAD_ORDER, frame.type() + " is not for a gateway to send");
        }
    }

    private void unlinked(String why) {
        if (closed) {
            return;
        }
        narrator.unlinked(why);
        long millis = round.isEmpty() || pause.equals(FIRST_PAUSE)
                ? ThreadLocalRandom.current().nextLong(pause.toMillis()) + 1
                : 1; // the others of this round first
        if (round.isEmpty()) {
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
        vertx.setTimer(millis, again -> begin());
    }

    // For its tunnels ------------------------------------------------------------------------------------------------

    /** Of all its links. */
    public UUID session() {
        return session;
    }

    String resource() {
        return resource;
    }

    Optional<UUID> agent() {
        return agent;
    }

    /** For the next OPEN: gets the agent that this session has. */
    String affinity() {
        return affinity;
    }

    void affinity(String told) {
        if (!told.isEmpty()) {
            affinity = told;
        }
    }

    WindowBudget budget() {
        return budget;
    }

    Optional<LinkTunnels> link() {
        return Optional.ofNullable(link);
    }

    void ended(UserTunnel tunnel, CloseCode code, String detail, boolean opened) {
        tunnels.remove(tunnel);
        if (code != CloseCode.DONE && code != CloseCode.RESET_BY_USER && !closed) {
            narrator.broken(code, detail, opened);
        }
    }
}
