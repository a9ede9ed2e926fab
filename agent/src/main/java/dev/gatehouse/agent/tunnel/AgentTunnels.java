package dev.gatehouse.agent.tunnel;

import dev.gatehouse.protocol.message.CloseCode;
import dev.gatehouse.protocol.message.Open;
import dev.gatehouse.protocol.message.Resume;
import dev.gatehouse.protocol.socket.PlainSockets;
import dev.gatehouse.protocol.transport.Link;
import dev.gatehouse.protocol.transport.LinkTunnels;
import dev.gatehouse.protocol.tunnel.TunnelEnd;
import dev.gatehouse.protocol.tunnel.TunnelLimits;
import dev.gatehouse.protocol.tunnel.WindowBudget;
import dev.gatehouse.protocol.wire.Frame;
import dev.gatehouse.protocol.wire.FrameType;
import dev.gatehouse.protocol.wire.Ids;
import dev.gatehouse.protocol.wire.ProtocolException;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * All tunnels that end at this agent, over whichever of its links they come. One that has lost its way is held for {@link TunnelEnd#RESUME}; how one ended is remembered as long, as its user's end may not have heard.
 *
 * <p>Confined to the links' context, on which it is made.
 */
public final class AgentTunnels {

    /** At once, over all links. */
    static final int MOST = 10_000;

    /** How one ended. */
    private record Ended(CloseCode code, String detail) {}

    private final Vertx vertx;
    private final Context context;
    private final UUID agentId;
    private final Offers offers;
    private final PlainSockets sockets = new PlainSockets();
    private final WindowBudget budget = new WindowBudget(WindowBudget.LINK);
    private final Map<UUID, AgentTunnel> tunnels = new HashMap<>();
    private final Map<UUID, Ended> ended = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, Ended> eldest) {
            return size() > MOST;
        }
    };

    public AgentTunnels(Vertx vertx, UUID agentId, Offers offers) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.agentId = agentId;
        this.offers = offers;
    }

    /** What comes over a link that is up. */
    public LinkTunnels over(Link link) {
        LinkTunnels[] made = new LinkTunnels[1]; // it is asked for tunnels of itself
        made[0] = LinkTunnels.accepting(link, (channel, frame) -> asked(made[0], channel, frame));
        return made[0];
    }

    public int count() {
        return tunnels.size();
    }

    /** Ends all of them. */
    public void close() {
        List.copyOf(tunnels.values()).forEach(tunnel -> tunnel.close(CloseCode.AGENT_OFFLINE, "the agent stops"));
        sockets.close();
    }

    private void asked(LinkTunnels link, int channel, Frame frame) throws ProtocolException {
        if (frame.type() == FrameType.OPEN) {
            open(link, channel, TunnelLimits.open(frame.payload()));
        } else {
            resume(link, channel, TunnelLimits.resume(frame.payload()));
        }
    }

    private void open(LinkTunnels link, int channel, Open open) throws ProtocolException {
        UUID id = Ids.uuid("OPEN.tunnel_id", open.getTunnelId());
        AgentTunnel known = tunnels.get(id);
        if (known != null) {
            known.openedAgain(link, channel, open);
            return;
        }
        if (tunnels.size() >= MOST) {
            link.close(channel, CloseCode.TOO_MANY, "the agent has its " + MOST + " tunnels");
            return;
        }
        Optional<Offers.Target> target = offers.find(open.getResource());
        if (target.isEmpty()) {
            link.close(
                    channel,
                    CloseCode.UNKNOWN_RESOURCE,
                    "the agent does not offer '" + open.getResource() + "' any more");
            return;
        }
        AgentTunnel tunnel = new AgentTunnel(this, id, open, target.get());
        tunnels.put(id, tunnel);
        tunnel.dial(link, channel);
    }

    private void resume(LinkTunnels link, int channel, Resume resume) throws ProtocolException {
        UUID id = Ids.uuid("RESUME.tunnel_id", resume.getTunnelId());
        AgentTunnel tunnel = tunnels.get(id);
        if (tunnel != null) {
            tunnel.resume(link, channel, resume);
            return;
        }
        Ended how = ended.getOrDefault(
                id,
                new Ended(
                        CloseCode.UNKNOWN_TUNNEL,
                        "the agent does not have this tunnel: it was restarted, or the time to come back is over"));
        link.close(channel, how.code(), how.detail());
    }

    // For its tunnels ------------------------------------------------------------------------------------------------

    Offers offers() {
        return offers;
    }

    Vertx vertx() {
        return vertx;
    }

    Context context() {
        return context;
    }

    UUID agentId() {
        return agentId;
    }

    PlainSockets sockets() {
        return sockets;
    }

    /** For the windows of all of them: a tunnel may change its link. */
    WindowBudget budget() {
        return budget;
    }

    void ended(UUID id, CloseCode code, String detail) {
        tunnels.remove(id);
        if (code != CloseCode.DONE) {
            ended.put(id, new Ended(code, detail));
            vertx.setTimer(TunnelEnd.RESUME.toMillis(), later -> ended.remove(id));
        }
    }
}
