package dev.gatehouse.gateway.agentlink;

import dev.gatehouse.protocol.transport.Link;
import dev.gatehouse.protocol.transport.LinkSettings;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@code agent} endpoint on one event loop; several share the port.
 *
 * <p>Connections are accepted plain and upgraded here, so that a fleet that comes back all at once finds a bounded number of handshakes in progress and the rest is closed before it costs anything.
 */
final class AgentLinkVerticle extends VerticleBase {

    private static final Logger log = LoggerFactory.getLogger(AgentLinkVerticle.class);

    private final GatewayLinks gateway;
    private final LinkHosts hosts;
    private final NetServerOptions options;
    private final LinkSettings settings;
    private LinkHost host;
    private NetServer server;

    /**
     * @param options of the listener, TLS included
     */
    AgentLinkVerticle(GatewayLinks gateway, LinkHosts hosts, NetServerOptions options, LinkSettings settings) {
        this.gateway = gateway;
        this.hosts = hosts;
        this.options = options;
        this.settings = settings;
    }

    @Override
    public Future<?> start() {
        host = hosts.add(gateway);
        server = vertx.createNetServer(options)
                .connectHandler(this::accepted)
                .exceptionHandler(cause -> log.debug("A connection was not accepted", cause));
        return server.listen().onSuccess(listening -> hosts.listening(listening.actualPort()));
    }

    @Override
    public Future<?> stop() {
        return server.close();
    }

    private void accepted(NetSocket socket) {
        if (gateway.draining().get()) {
            socket.close();
            return;
        }
        socket.exceptionHandler(cause -> log.debug("Connection from {} broke", socket.remoteAddress(), cause));
        secured(socket, System.nanoTime());
    }

    private void secured(NetSocket socket, long acceptedAt) {
        try {
            X509Certificate certificate =
                    (X509Certificate) socket.peerCertificates().getFirst();
            host.accept(Link.over(vertx, socket, settings), new Identification.ByTls(certificate), acceptedAt);
        } catch (SSLPeerUnverifiedException impossible) {
            log.warn("TLS with {} without a certificate", socket.remoteAddress());
            socket.close();
        }
    }
}
