package dev.gatehouse.gateway.web;

import dev.gatehouse.gateway.agentlink.AgentLinks;
import dev.gatehouse.gateway.agentlink.AgentLinks.WebSocketLinks;
import dev.gatehouse.gateway.enrol.EnrolRoutes;
import dev.gatehouse.gateway.userlink.UserLinks;
import dev.gatehouse.shared.node.EndpointKeys;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocketHandshake;
import io.vertx.ext.web.Router;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The {@code access} endpoint on one event loop; several share the port. */
public final class AccessVerticle extends VerticleBase {

    private static final String LINK = "/link";
    private static final Logger log = LoggerFactory.getLogger(AccessVerticle.class);

    private final List<HttpServerOptions> listeners;
    private final AgentLinks links;
    private final UserLinks users;
    private final EnrolRoutes enrolment;
    private final Consumer<List<Integer>> listening;
    private final List<HttpServer> servers = new CopyOnWriteArrayList<>();

    /**
     * @param listeners options of each
     *
     * @param listening told the ports, in the order of the listeners
     */
    public AccessVerticle(
            List<HttpServerOptions> listeners,
            AgentLinks links,
            UserLinks users,
            EnrolRoutes enrolment,
            Consumer<List<Integer>> listening) {
        this.listeners = listeners;
        this.links = links;
        this.users = users;
        this.enrolment = enrolment;
        this.listening = listening;
    }

    @Override
    public Future<?> start() {
        WebSocketLinks host = links.host();
        Router router = Router.router(vertx);
        enrolment.addTo(router);
        for (HttpServerOptions options : listeners) {
            servers.add(vertx.createHttpServer(options)
                    .requestHandler(router)
                    .webSocketHandshakeHandler(this::handshake)
                    .webSocketHandler(socket -> {
                        if (UserLinks.isUser(socket)) {
                            users.accept(socket);
                        } else {
                            host.accept(socket);
                        }
                    })
                    .invalidRequestHandler(request -> request.connection().close())
                    .exceptionHandler(cause -> log.debug("A connection was not accepted", cause)));
        }
        return Future.all(servers.stream().map(HttpServer::listen).toList())
                .onSuccess(bound -> listening.accept(
                        servers.stream().map(HttpServer::actualPort).toList()));
    }

    @Override
    public Future<?> stop() {
        return Future.join(servers.stream().map(HttpServer::close).toList());
    }

    /** Shows another certificate to whoever connects from now on; the other instances, which share the port, do too. Any thread. */
    public Future<Void> show(EndpointKeys next) {
        List<Future<Boolean>> shown = new ArrayList<>();
        for (int i = 0; i < servers.size(); i++) {
            shown.add(servers.get(i)
                    .updateSSLOptions(listeners.get(i).getSslOptions().copy().setKeyCertOptions(next.options()), true));
        }
        return Future.all(shown).mapEmpty();
    }

    /** Only agents and tools link here: a browser, which says where a page is from, doesn't. */
    private void handshake(ServerWebSocketHandshake handshake) {
        if (!LINK.equals(handshake.path())) {
            handshake.reject(404);
        } else if (handshake.headers().contains(HttpHeaders.ORIGIN)) {
            handshake.reject(403);
        } else if (links.isDraining()) {
            handshake.reject(503);
        } else if (UserLinks.isUser(handshake)) {
            users.handshake(handshake);
        } else {
            handshake.accept();
        }
    }
}
