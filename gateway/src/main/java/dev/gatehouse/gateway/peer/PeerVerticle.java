package dev.gatehouse.gateway.peer;

import dev.gatehouse.gateway.splice.Switchboard;
import dev.gatehouse.protocol.link.ControlFrame;
import dev.gatehouse.protocol.message.ErrorCode;
import dev.gatehouse.protocol.transport.Dial;
import dev.gatehouse.protocol.transport.Link;
import dev.gatehouse.protocol.transport.LinkSettings;
import dev.gatehouse.protocol.transport.LinkTunnels;
import dev.gatehouse.protocol.wire.Frame;
import dev.gatehouse.protocol.wire.FrameType;
import dev.gatehouse.protocol.wire.ProtocolException;
import dev.gatehouse.shared.node.EndpointKeys;
import dev.gatehouse.shared.settings.HostPort;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@code peer} endpoint on one event loop, and the links that were dialled from this loop: one to each gateway that was needed. Tunnels are opened by who has dialled.
 */
final class PeerVerticle extends VerticleBase {

    private static final Logger log = LoggerFactory.getLogger(PeerVerticle.class);

    private final NetServerOptions options;
    private final Switchboard switchboard;
    private final Supplier<Dial> dial;
    private final Consumer<Integer> listening;
    private final Map<String, Future<LinkTunnels>> dialled = new HashMap<>();
    private final Set<Link> links = new HashSet<>();
    private NetServer server;
    private boolean stopping;

    PeerVerticle(NetServerOptions options, Switchboard switchboard, Supplier<Dial> dial, Consumer<Integer> listening) {
        this.options = options;
        this.switchboard = switchboard;
        this.dial = dial;
        this.listening = listening;
    }

    @Override
    public Future<?> start() {
        server = vertx.createNetServer(options)
                .connectHandler(this::accepted)
                .exceptionHandler(cause -> log.debug("A connection of a gateway was not accepted", cause));
        return server.listen().onSuccess(bound -> listening.accept(bound.actualPort()));
    }

    @Override
    public Future<?> stop() {
        stopping = true;
        Set.copyOf(links).forEach(Link::close);
        return server.close();
    }

    /** Shows another certificate to whoever connects from now on; the other instances, which share the port, do too. Any thread. */
    Future<?> show(EndpointKeys next) {
        return server.updateSSLOptions(options.getSslOptions().copy().setKeyCertOptions(next.options()), true);
    }

    private void accepted(NetSocket socket) {
        Link link = Link.over(vertx, socket, LinkSettings.DEFAULT);
        LinkTunnels[] made = new LinkTunnels[1]; // it is asked for tunnels of itself
        made[0] = LinkTunnels.accepting(link, (channel, frame) -> switchboard.fromPeer(made[0], channel, frame));
        start(link, made[0], () -> {});
    }

    /** The link to a gateway, dialled if there is none. From any thread. */
    Future<LinkTunnels> to(String gatewayId, HostPort address) {
        Promise<LinkTunnels> link = Promise.promise();
        context.runOnContext(now -> linkTo(gatewayId, address).onComplete(link));
        return link.future();
    }

    private Future<LinkTunnels> linkTo(String gatewayId, HostPort address) {
        Future<LinkTunnels> known = dialled.get(gatewayId);
        if (known != null) {
            return known;
        }
        if (stopping) {
            return Future.failedFuture("this gateway stops");
        }
        Future<LinkTunnels> fresh = dial.get()
                .tls(address.host(), address.port())
                .map(link -> {
                    LinkTunnels tunnels = LinkTunnels.opening(link);
                    start(link, tunnels, () -> dialled.remove(gatewayId));
                    log.info("Linked to gateway {} at {}", gatewayId, address);
                    return tunnels;
                });
        dialled.put(gatewayId, fresh);
        return fresh.onFailure(cause -> {
            dialled.remove(gatewayId, fresh);
            log.warn("Gateway {} at {} cannot be linked to: {}", gatewayId, address, cause.getMessage());
        });
    }

    private void start(Link link, LinkTunnels tunnels, Runnable gone) {
        links.add(link);
        link.onDrain(tunnels::drained);
        link.start(frame -> frame(tunnels, frame), end -> {
            log.debug("Link with gateway at {} has ended: {} {}", link.remoteAddress(), end.cause(), end.detail());
            links.remove(link);
            gone.run();
            tunnels.ended();
        });
    }

    private static void frame(LinkTunnels tunnels, Frame frame) throws ProtocolException {
        if (LinkTunnels.isTunnel(frame.type())) {
            tunnels.received(frame);
        } else if (frame.type() == FrameType.CONTROL) {
            ControlFrame.read(frame); // why it ends the link; newer ones are ignored
        } else {
            throw new ProtocolException(ErrorCode.BAD_ORDER, frame.type() + " is not for a gateway to send");
        }
    }

    int count() {
        return links.size();
    }
}
