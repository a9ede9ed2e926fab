package dev.gatehouse.cli.connect;

import com.google.protobuf.ByteString;
import dev.gatehouse.protocol.message.CloseCode;
import dev.gatehouse.protocol.message.Open;
import dev.gatehouse.protocol.message.Opened;
import dev.gatehouse.protocol.message.Resume;
import dev.gatehouse.protocol.socket.PlainSocket;
import dev.gatehouse.protocol.socket.TunnelSocket;
import dev.gatehouse.protocol.transport.LinkTunnels;
import dev.gatehouse.protocol.tunnel.Proof;
import dev.gatehouse.protocol.tunnel.TunnelEnd;
import dev.gatehouse.protocol.wire.FrameType;
import dev.gatehouse.protocol.wire.Ids;
import dev.gatehouse.protocol.wire.ProtocolException;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.UUID;

/** The tunnel of one local connection: opened once, resumed as often as its way is lost. Confined to its link's context. */
final class UserTunnel implements TunnelSocket.Owner {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    private final UserTunnels tunnels;
    private final Vertx vertx;
    private final UUID id = UUID.randomUUID();
    private final ByteString secret = Proof.newSecret();
    private final TunnelSocket socket;
    private Opened opened; // null before
    private int attachment = 1;
    private long lostAt;
    private boolean lost;
    private Duration pause = FIRST_PAUSE;

    UserTunnel(UserTunnels tunnels, Vertx vertx, PlainSocket connection) {
        this.tunnels = tunnels;
        this.vertx = vertx;
        this.socket = new TunnelSocket(connection, tunnels.budget(), true);
    }

    void start() {
        lostAt = System.nanoTime();
        lost = true;
        socket.start(this);
        vertx.setTimer(TunnelEnd.RESUME.toMillis(), late -> giveUpIfLost());
    }

    /**
     * Goes over this link from now on, if it has no way.
     *
     * @return whether it resumes
     */
    boolean over(LinkTunnels link) {
        if (socket.isOver() || socket.isOn(link)) {
            return false;
        }
        if (opened == null) {
            Open.Builder open = Open.newBuilder()
                    .setTunnelId(Ids.bytes(id))
                    .setResource(tunnels.resource())
                    .setSecret(secret)
                    .setAffinity(tunnels.affinity())
                    .setLimit(socket.end().limit());
            tunnels.agent().ifPresent(agent -> open.setAgentId(Ids.bytes(agent)));
            socket.on(link, link.open(FrameType.OPEN, open.build(), socket));
            return false;
        }
        attachment++;
        long consumed = socket.end().received();
        socket.on(
                link,
                link.open(
                        FrameType.RESUME,
                        Resume.newBuilder()
                                .setTunnelId(Ids.bytes(id))
                                .setAgentId(opened.getAgentId())
                                .setResource(tunnels.resource())
                                .setAttachment(attachment)
                                .setConsumed(consumed)
                                .setLimit(socket.end().limit())
                                .setProof(Proof.of(secret, id, attachment, consumed))
                                .build(),
                        socket));
        return true;
    }

    void close(CloseCode code, String detail) {
        socket.close(code, detail);
    }

    @Override
    public void opened(Opened answer) throws ProtocolException {
        opened = answer;
        tunnels.affinity(answer.getAffinity());
        lost = false;
        pause = FIRST_PAUSE;
        socket.attached(answer.getConsumed(), answer.getLimit());
    }

    @Override
    public void detached(String reason, int retryMillis) {
        if (!lost) {
            lost = true;
            lostAt = System.nanoTime();
            vertx.setTimer(TunnelEnd.RESUME.toMillis(), late -> giveUpIfLost());
        }
        vertx.setTimer(
                Math.max(pause.toMillis(), retryMillis), again -> tunnels.link().ifPresent(this::over));
        pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
    }

    @Override
    public void ended(CloseCode code, String detail) {
        tunnels.ended(this, code, detail, opened != null);
    }

    private void giveUpIfLost() {
        if (lost && !socket.isOver() && System.nanoTime() - lostAt >= TunnelEnd.RESUME.toNanos() - 1_000_000) {
            socket.close(CloseCode.AGENT_OFFLINE, "no way to it for " + TunnelEnd.RESUME.toSeconds() + " s");
        }
    }
}
