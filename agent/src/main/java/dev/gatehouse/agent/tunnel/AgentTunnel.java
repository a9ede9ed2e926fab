package dev.gatehouse.agent.tunnel;

import com.google.protobuf.ByteString;
import dev.gatehouse.protocol.message.CloseCode;
import dev.gatehouse.protocol.message.ErrorCode;
import dev.gatehouse.protocol.message.Open;
import dev.gatehouse.protocol.message.Opened;
import dev.gatehouse.protocol.message.Resume;
import dev.gatehouse.protocol.socket.PlainSocket;
import dev.gatehouse.protocol.socket.TunnelSocket;
import dev.gatehouse.protocol.transport.LinkTunnels;
import dev.gatehouse.protocol.tunnel.Proof;
import dev.gatehouse.protocol.tunnel.TunnelEnd;
import dev.gatehouse.protocol.wire.Frame;
import dev.gatehouse.protocol.wire.FrameType;
import dev.gatehouse.protocol.wire.Ids;
import dev.gatehouse.protocol.wire.ProtocolException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One tunnel that ends here, from the first OPEN to its end, across the links it is attached to. Confined to the links' context. */
final class AgentTunnel implements LinkTunnels.Channel, TunnelSocket.Owner {

    /** A target that has not answered by then is unreachable. */
    static final Duration DIAL = Duration.ofSeconds(5);

    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Logger log = LoggerFactory.getLogger(AgentTunnel.class);

    private enum State {
        DIALING,
        UP,
        OVER
    }

    private final AgentTunnels tunnels;
    private final UUID id;
    private final ByteString secret;
    private final String user;
    private final String resource;
    private final Offers.Target target;
    private final long idleNanos;
    private final long longestNanos;
    private final long begunAt = System.nanoTime();
    private int attachment = 1;
    private State state = State.DIALING;
    private TunnelSocket socket; // once UP
    private LinkTunnels link; // while DIALING; null when that has ended
    private int channel;
    private long userLimit;
    private long resumeTimer = -1;
    private long lookTimer = -1;

    AgentTunnel(AgentTunnels tunnels, UUID id, Open open, Offers.Target target) {
        this.tunnels = tunnels;
        this.id = id;
        this.secret = open.getSecret();
        this.user = open.getUser();
        this.resource = open.getResource();
        this.target = target;
        this.userLimit = open.getLimit();
        this.idleNanos =
                Duration.ofMillis(Integer.toUnsignedLong(open.getIdleMillis())).toNanos();
        this.longestNanos = Duration.ofMillis(
                        Math.min(open.getLongestMillis(), Duration.ofDays(365).toMillis()))
                .toNanos();
    }

    void dial(LinkTunnels from, int number) {
        link = from;
        channel = number;
        link.accept(number, this);
        tunnels.sockets()
                .connect(tunnels.context(), target.host(), target.port(), DIAL)
                .onSuccess(this::connected)
                .onFailure(this::failed);
    }

    /** The same OPEN once more: its sender has not heard of the first, or no longer can. */
    void openedAgain(LinkTunnels from, int number, Open open) {
        if (!secret.equals(open.getSecret()) || !user.equals(open.getUser()) || attachment != 1) {
            from.close(number, CloseCode.BAD_PROOF, "this tunnel is another's, or has gone on");
            return;
        }
        if (state == State.DIALING) {
            if (link != null) {
                link.close(channel, CloseCode.OUTDATED, "opened again");
            }
            link = from;
            channel = number;
            userLimit = open.getLimit();
            link.accept(number, this);
        } else {
            attach(from, number, 0, open.getLimit());
        }
    }

    void resume(LinkTunnels from, int number, Resume resume) {
        if (!user.equals(resume.getUser())
                || !resource.equals(resume.getResource())
                || !Proof.holds(resume.getProof(), secret, id, resume.getAttachment(), resume.getConsumed())) {
            from.close(number, CloseCode.BAD_PROOF, "this tunnel is another's");
        } else if (resume.getAttachment() <= attachment) {
            from.close(number, CloseCode.OUTDATED, "attachment " + attachment + " of this tunnel is known");
        } else if (state == State.DIALING) {
            from.close(number, CloseCode.UNKNOWN_TUNNEL, "this tunnel is not open yet");
        } else {
            attachment = resume.getAttachment();
            attach(from, number, resume.getConsumed(), resume.getLimit());
        }
    }

    void close(CloseCode code, String detail) {
        if (state == State.UP) {
            socket.close(code, detail);
        } else if (state == State.DIALING) {
            if (link != null) {
                link.close(channel, code, detail);
            }
            ended(code, detail);
        }
    }

    private void connected(PlainSocket made) {
        tunnels.offers().dialled(resource, Optional.empty());
        if (state == State.OVER) {
            made.reset();
            return;
        }
        state = State.UP;
        tunnels.offers().opened(resource);
        LinkTunnels way = link;
        link = null;
        socket = new TunnelSocket(made, tunnels.budget(), false);
        socket.start(this);
        lookTimer = tunnels.vertx().setPeriodic(LOOK.toMillis(), look -> look());
        if (way == null || !way.isOpen()) {
            detached("the link has ended", 0);
        } else {
            attach(way, channel, 0, userLimit);
        }
    }

    private void failed(Throwable cause) {
        tunnels.offers().dialled(resource, Optional.of(String.valueOf(cause.getMessage())));
        boolean refused =
                cause instanceof ConnectException && !cause.getMessage().contains("timed out");
        close(
                refused ? CloseCode.TARGET_REFUSED : CloseCode.TARGET_UNREACHABLE,
                target.host() + ":" + target.port() + ": " + cause.getMessage());
    }

    private void attach(LinkTunnels way, int number, long consumed, long limit) {
        tunnels.vertx().cancelTimer(resumeTimer);
        socket.leave(CloseCode.OUTDATED, "the tunnel goes on elsewhere");
        way.accept(number, socket);
        socket.on(way, number);
        way.send(
                FrameType.OPENED,
                number,
                Opened.newBuilder()
                        .setAgentId(Ids.bytes(tunnels.agentId()))
                        .setKind(target.kind())
                        .setConsumed(socket.end().received())
                        .setLimit(socket.end().limit())
                        .setResumeMillis(Math.toIntExact(TunnelEnd.RESUME.toMillis()))
                        .build());
        try {
            socket.attached(consumed, limit);
        } catch (ProtocolException wrong) { // the user's end is to blame, not the link that many share
            socket.close(CloseCode.FAULT, wrong.getMessage());
        }
    }

    private void look() {
        long now = System.nanoTime();
        if (idleNanos > 0 && now - socket.activeAt() > idleNanos) {
            socket.close(
                    CloseCode.IDLE, "no byte for " + Duration.ofNanos(idleNanos).toSeconds() + " s");
        } else if (longestNanos > 0 && now - begunAt > longestNanos) {
            socket.close(
                    CloseCode.TOO_LONG,
                    "open for " + Duration.ofNanos(longestNanos).toSeconds() + " s");
        }
    }

    // While it dials -------------------------------------------------------------------------------------------------

    @Override
    public void frame(Frame frame) throws ProtocolException {
        switch (frame.type()) {
            case CLOSE -> {
                link = null;
                ended(CloseCode.RESET_BY_USER, "");
            }
            case DETACHED -> link = null;
            default -> throw new ProtocolException(ErrorCode.BAD_ORDER, frame.type() + " before OPENED");
        }
    }

    @Override
    public boolean sendNext() {
        return false;
    }

    @Override
    public void linkEnded() {
        link = null;
    }

    // Once it is up --------------------------------------------------------------------------------------------------

    @Override
    public void opened(Opened opened) throws ProtocolException {
        throw new ProtocolException(ErrorCode.BAD_ORDER, "OPENED is not for a gateway to send");
    }

    @Override
    public void detached(String reason, int retryMillis) {
        tunnels.vertx().cancelTimer(resumeTimer);
        resumeTimer = tunnels.vertx()
                .setTimer(
                        TunnelEnd.RESUME.toMillis(),
                        late -> socket.close(
                                socket.end().isDone() ? CloseCode.DONE : CloseCode.UNKNOWN_TUNNEL,
                                "the time to come back is over"));
    }

    @Override
    public void ended(CloseCode code, String detail) {
        if (state == State.OVER) {
            return;
        }
        if (state == State.UP) {
            tunnels.offers().closed(resource);
        }
        state = State.OVER;
        tunnels.vertx().cancelTimer(resumeTimer);
        tunnels.vertx().cancelTimer(lookTimer);
        log.debug(
                "Tunnel {} of {} to '{}' has ended: {} {}, {} bytes up, {} down",
                id,
                user,
                resource,
                code,
                detail,
                socket == null ? 0 : socket.end().bytesDelivered(),
                socket == null ? 0 : socket.end().bytesSent());
        tunnels.ended(id, code, detail);
    }
}
