package dev.gatehouse.admin;

import dev.gatehouse.protocol.transport.Listening;
import dev.gatehouse.shared.node.EndpointKeys;
import dev.gatehouse.shared.node.EndpointsSettings.Endpoint;
import dev.gatehouse.shared.settings.HostPort;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.ServerSSLOptions;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The admin endpoint: HTTPS only, HTTP/2 where the browser can. Event loop. */
final class AdminServer extends VerticleBase {

    /** A connection on which nothing moves for so long is closed; the live feed says something more often. */
    private static final Duration IDLE = Duration.ofMinutes(2);

    private static final int BACKLOG = 1024;
    private static final int MAX_HEADERS = 16 * 1024;
    private static final int MAX_REQUEST_LINE = 8 * 1024;
    private static final int MAX_STREAMS = 64;

    private final Endpoint endpoint;
    private final EndpointKeys keys;
    private final Supplier<Router> router;
    private List<HttpServer> servers = List.of();

    /** @param router made on this verticle's context */
    AdminServer(Endpoint endpoint, EndpointKeys keys, Supplier<Router> router) {
        this.endpoint = endpoint;
        this.keys = keys;
        this.router = router;
    }

    @Override
    public Future<?> start() {
        List<HttpServerOptions> listeners = new ArrayList<>();
        listeners.add(https(endpoint.bindingAddress()));
        endpoint.proxyAddress().ifPresent(address -> listeners.add(Listening.behindProxy(https(address))));
        Router routes = router.get();
        servers = listeners.stream()
                .map(options -> vertx.createHttpServer(options).requestHandler(routes))
                .toList();
        return Future.all(servers.stream().map(HttpServer::listen).toList());
    }

    private HttpServerOptions https(HostPort address) {
        HttpServerOptions options = new HttpServerOptions()
                .setHost(address.host())
                .setPort(address.port())
                .setSsl(true)
                .setUseAlpn(true)
                .setKeyCertOptions(keys.options())
                .setAcceptBacklog(BACKLOG)
                .setMaxHeaderSize(MAX_HEADERS)
                .setMaxInitialLineLength(MAX_REQUEST_LINE)
                .setCompressionSupported(true)
                .setIdleTimeout((int) IDLE.toSeconds())
                .setIdleTimeoutUnit(TimeUnit.SECONDS)
                .addEnabledSecureTransportProtocol("TLSv1.3")
                .addEnabledSecureTransportProtocol("TLSv1.2");
        options.getInitialSettings().setMaxConcurrentStreams(MAX_STREAMS);
        return options;
    }

    @Override
    public Future<?> stop() {
        return Future.join(servers.stream().map(HttpServer::close).toList());
    }

    /** Shows another certificate to whoever connects from now on. */
    Future<?> show(EndpointKeys next) {
        ServerSSLOptions options =
                https(endpoint.bindingAddress()).getSslOptions().copy().setKeyCertOptions(next.options());
        return Future.all(servers.stream()
                .map(server -> server.updateSSLOptions(options, true))
                .toList());
    }

    int port() {
        return servers.getFirst().actualPort();
    }

    /** Of the listener for a balancer, if there is one. */
    int proxyPort() {
        return servers.get(1).actualPort();
    }
}
