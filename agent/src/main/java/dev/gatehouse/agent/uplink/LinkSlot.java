package dev.gatehouse.agent.uplink;

import dev.gatehouse.protocol.link.AgentEnd;
import dev.gatehouse.protocol.link.FromGateway;
import dev.gatehouse.protocol.message.CommandResult;
import dev.gatehouse.protocol.message.Control;
import dev.gatehouse.protocol.message.LinkError;
import dev.gatehouse.protocol.message.Welcome;
import dev.gatehouse.protocol.transport.Dial;
import dev.gatehouse.protocol.transport.Link;
import dev.gatehouse.protocol.transport.LinkEnd;
import dev.gatehouse.protocol.transport.LinkTunnels;
import dev.gatehouse.protocol.wire.Frame;
import dev.gatehouse.protocol.wire.ProtocolException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One of the agent's two links: dials, says HELLO, keeps it alive, and dials again. What is captured is not its business: its owner is told. A little above 300 lines, as the states of one connection can't be told apart. Confined to the owner's context. */
final class LinkSlot {

    private static final Logger log = LoggerFactory.getLogger(LinkSlot.class);

    private static final long WELCOME_MILLIS = 10_000;
    private static final Duration LEAVING = Duration.ofSeconds(2);

    /** Ended before WELCOME so often, one after the other, an old certificate is likely the reason. */
    static final int SUSPICIOUS = 3;

    enum State {
        IDLE,
        WAITING,
        DIALING,
        UP,
        LEAVING
    }

    final int number;
    private final Vertx vertx;
    private final LinkOwner owner;
    private final Comeback comeback;
    private final Targets targets;
    private final URI accessUrl;
    private State state = State.IDLE;
    private Link link;
    private LinkTunnels tunnels; // of a link that is up
    private AgentEnd end;
    private Dial dialled;
    private Targets.Target target;
    private Optional<LinkError> error = Optional.empty();
    private String gateway = "";
    private String address = "";
    private String detail = "";
    private long upNanos;
    private long upMillis;
    private long timer = -1;
    private long heartbeats = -1;
    private int early;
    private boolean keptAway;
    private Duration goAway = Duration.ZERO;
    private boolean closed;

    LinkSlot(int number, Vertx vertx, LinkOwner owner, List<String> addresses, URI accessUrl, LeftAlone leftAlone) {
        this.number = number;
        this.vertx = vertx;
        this.owner = owner;
        this.accessUrl = accessUrl;
        RandomGenerator random = RandomGenerator.getDefault();
        this.comeback = new Comeback(random);
        this.targets = new Targets(addresses, true, leftAlone, random);
    }

    State state() {
        return state;
    }

    String gateway() {
        return gateway;
    }

    Link link() {
        return link;
    }

    AgentEnd end() {
        return end;
    }

    Dial dialled() {
        return dialled;
    }

    Targets targets() {
        return targets;
    }

    UplinkStatus.LinkStatus status(boolean active) {
        boolean up = state == State.UP || state == State.LEAVING;
        return new UplinkStatus.LinkStatus(
                number,
                switch (state) {
                    case IDLE, WAITING -> "waiting";
                    case DIALING -> "dialing";
                    case UP -> "up";
                    case LEAVING -> "leaving";
                },
                active,
                gateway,
                address,
                up ? upMillis : 0,
                up ? link.roundTripNanos().orElse(0) / 1000 : 0,
                up ? "" : detail);
    }

    /** Whether it waits because a gateway has said so, not because none was reached. */
    boolean isTold() {
        return state == State.WAITING && (keptAway || error.isPresent());
    }

    /** The other slot's link has gone: its gateway may be the only one that has not asked to be left alone. */
    void reconsider() {
        if (state == State.WAITING
                && keptAway
                && targets.free(owner.avoid(number), System.nanoTime()).isZero()) {
            vertx.cancelTimer(timer);
            state = State.IDLE;
        }
    }

    /** Dials if it is idle. */
    void dial() {
        if (state != State.IDLE || closed) {
            return;
        }
        state = State.DIALING;
        error = Optional.empty();
        keptAway = false;
        goAway = Duration.ZERO;
        target = targets.next(owner.avoid(number), System.nanoTime());
        address = target.webSocket() ? accessUrl.toString() : target.address();
        dialled = owner.dial();
        Future<Link> opening = target.webSocket() ? dialled.webSocket(accessUrl) : tls(target.address());
        opening.onComplete(opened -> {
            if (opened.failed()) {
                targets.unreachable();
                ended("", Duration.ZERO, address + ": " + DialFailure.reason(opened.cause()));
            } else if (closed) {
                opened.result().start(frame -> {}, gone -> {});
                opened.result().close();
            } else {
                targets.reached();
                connected(opened.result(), target.webSocket());
            }
        });
    }

    /** Nothing new, and closed soon; for the agent's end. */
    void close() {
        closed = true;
        vertx.cancelTimer(timer);
        if (link != null) {
            link.close();
        }
    }

    private Future<Link> tls(String hostPort) {
        int colon = hostPort.lastIndexOf(':');
        String host = hostPort.substring(0, colon).replace("[", "").replace("]", "");
        return dialled.tls(host, Integer.parseInt(hostPort.substring(colon + 1)));
    }

    private void connected(Link opened, boolean webSocket) {
        link = opened;
        end = new AgentEnd(webSocket);
        timer = vertx.setTimer(WELCOME_MILLIS, late -> {
            detail = "no WELCOME within " + WELCOME_MILLIS + " ms";
            opened.close();
        });
        opened.start(frame -> received(opened, frame), gone -> gone(opened, gone));
        if (!webSocket) {
            sayHello(Optional.empty());
        }
    }

    private void sayHello(Optional<Buffer> nonce) {
        end.helloSent();
        link.send(owner.hello(number, nonce));
    }

    private void received(Link from, Frame frame) throws ProtocolException {
        if (from != link) {
            return;
        }
        FromGateway meaning = end.received(frame);
        switch (meaning) {
            case FromGateway.OfTunnel of -> tunnels.received(of.frame());
            case FromGateway.Said said -> {
                said(said.control());
                owner.received(this, meaning);
            }
            default -> owner.received(this, meaning);
        }
    }

    private void said(Control control) {
        switch (control.getBodyCase()) {
            case CHALLENGE ->
                sayHello(Optional.of(
                        Buffer.buffer(control.getChallenge().getNonce().toByteArray())));
            case WELCOME -> welcomed(control.getWelcome());
            case ERROR -> error = Optional.of(control.getError());
            case GO_AWAY -> {
                goAway = Duration.ofMillis(
                        Integer.toUnsignedLong(control.getGoAway().getAfterMillis()));
                detail = "gateway " + gateway + " goes away: "
                        + control.getGoAway().getReason();
                state = State.LEAVING;
                vertx.cancelTimer(timer);
                Link leaving = link;
                timer = vertx.setTimer(LEAVING.toMillis(), enough -> leaving.close());
            }
            case COMMAND ->
                link.send(Control.newBuilder()
                        .setCommandResult(CommandResult.newBuilder()
                                .setId(control.getCommand().getId())
                                .setDone(false)
                                .setOutput("command '" + control.getCommand().getName()
                                        + "' is not known to this version of the agent"))
                        .build());
            default -> {}
        }
    }

    private void welcomed(Welcome welcome) {
        vertx.cancelTimer(timer);
        state = State.UP;
        comeback.welcomed();
        early = 0;
        gateway = welcome.getGatewayId();
        detail = "";
        upNanos = System.nanoTime();
        upMillis = System.currentTimeMillis();
        log.info("Link {} to gateway {} at {} is up", number, gateway, address);
        tunnels = owner.tunnels(link);
        link.onDrain(this::drained);
        link.send(owner.resources());
        long millis = Math.max(1000, welcome.getHeartbeatMillis());
        Link beating = link;
        heartbeats = vertx.setPeriodic(millis, beat -> beating.send(owner.heartbeat()));
        owner.up(this, welcome);
    }

    private void drained() {
        if (tunnels != null) {
            tunnels.drained();
        }
        owner.drained(this);
    }

    /** Ends a link that is leaving as soon as its owner has nothing on its way any more. */
    void settled() {
        if (state == State.LEAVING) {
            link.close();
        }
    }

    private void gone(Link from, LinkEnd how) {
        if (from != link) {
            return;
        }
        boolean wasUp = state == State.UP || state == State.LEAVING;
        vertx.cancelTimer(timer);
        vertx.cancelTimer(heartbeats);
        end.closed();
        Duration held = wasUp ? Duration.ofNanos(System.nanoTime() - upNanos) : Duration.ZERO;
        String was = gateway;
        link = null;
        state = State.WAITING;
        gateway = "";
        if (tunnels != null) {
            tunnels.ended();
            tunnels = null;
        }
        if (wasUp) {
            owner.down(this);
        } else if (error.isEmpty()) {
            early++;
        }
        String unsaid = detail.isEmpty() ? how.detail() : detail;
        ended(
                was,
                held,
                error.map(said -> said.getCode() + " " + said.getDetail()).orElse(unsaid));
    }

    private void ended(String from, Duration held, String why) {
        detail = why;
        if (closed) {
            state = State.IDLE;
            return;
        }
        state = State.WAITING;
        Future<Void> before = error.isPresent()
                ? owner.refused(error.get())
                : early >= SUSPICIOUS ? owner.suspicious(early) : Future.succeededFuture();
        Comeback.Pause pause = comeback.ended(held, error, goAway);
        long now = System.nanoTime();
        if (!pause.gateway().isZero()) {
            targets.leave(target, from, now + pause.gateway().toNanos(), now);
        }
        Duration free = targets.free(owner.avoid(number), now);
        keptAway = free.compareTo(pause.dial()) > 0;
        Duration wait = keptAway ? free : pause.dial();
        if (comeback.isWorthALine(error)) {
            log.info("Link {} is down ({}); dialled again in {} ms", number, why, wait.toMillis());
        }
        before.onComplete(done -> {
            timer = vertx.setTimer(Math.max(1, wait.toMillis()), again -> {
                state = State.IDLE;
                owner.down(this); // it decides who may dial
            });
        });
    }
}
