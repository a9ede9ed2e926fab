package dev.gatehouse.gateway.agentlink;

import dev.gatehouse.protocol.transport.Link;
import dev.gatehouse.protocol.transport.LinkSettings;
import dev.gatehouse.shared.node.EndpointKeys;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
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
    private final List<NetServerOptions> listeners;
    private final LinkSettings settings;
    private LinkHost host;
    private final List<NetServer> servers = new CopyOnWriteArrayList<>();

    /**
     * @param listeners options of each, TLS included; that of the endpoint's own address comes first
     */
    AgentLinkVerticle(GatewayLinks gateway, LinkHosts hosts, List<NetServerOptions> listeners, LinkSettings settings) {
        this.gateway = gateway;
        this.hosts = hosts;
        this.listeners = listeners;
        this.settings = settings;
    }

    @Override
    public Future<?> start() {
        host = hosts.add(gateway);
        for (NetServerOptions options : listeners) {
            servers.add(vertx.createNetServer(options)
                    .connectHandler(this::accepted)
                    .exceptionHandler(cause -> log.debug("A connection was not accepted", cause)));
        }
        return Future.all(servers.stream().map(NetServer::listen).toList())
                .onSuccess(listening -> hosts.listening(
                        servers.stream().map(NetServer::actualPort).toList()));
    }

    @Override
    public Future<?> stop() {
        return Future.join(servers.stream().map(NetServer::close).toList());
    }

    /** Shows another certificate to whoever connects from now on; the other instances, which share the port, do too. Any thread. */
    Future<Void> show(EndpointKeys next) {
        List<Future<Boolean>> shown = new ArrayList<>();
        for (int i = 0; i < servers.size(); i++) {
            shown.add(servers.get(i)
                    .updateSSLOptions(listeners.get(i).getSslOptions().copy().setKeyCertOptions(next.options()), true));
        }
        return Future.all(shown).mapEmpty();
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
