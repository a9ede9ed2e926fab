package dev.gatehouse.gateway.web;

import dev.gatehouse.gateway.agentlink.AgentLinks;
import dev.gatehouse.gateway.agentlink.AgentLinks.WebSocketLinks;
import dev.gatehouse.gateway.enrol.EnrolRoutes;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocketHandshake;
import io.vertx.ext.web.Router;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The {@code access} endpoint on one event loop; several share the port. */
public final class AccessVerticle extends VerticleBase {

    private static final String LINK = "/link";
    private static final Logger log = LoggerFactory.getLogger(AccessVerticle.class);

    private final HttpServerOptions options;
    private final AgentLinks links;
    private final EnrolRoutes enrolment;
    private final IntConsumer listening;
    private HttpServer server;

    /**
     * @param listening told the port
     */
    public AccessVerticle(HttpServerOptions options, AgentLinks links, EnrolRoutes enrolment, IntConsumer listening) {
        this.options = options;
        this.links = links;
        this.enrolment = enrolment;
        this.listening = listening;
    }

    @Override
    public Future<?> start() {
        WebSocketLinks host = links.host();
        Router router = Router.router(vertx);
        enrolment.addTo(router);
        server = vertx.createHttpServer(options)
                .requestHandler(router)
                .webSocketHandshakeHandler(this::handshake)
                .webSocketHandler(host::accept)
                .invalidRequestHandler(request -> request.connection().close())
                .exceptionHandler(cause -> log.debug("A connection was not accepted", cause));
        return server.listen().onSuccess(bound -> listening.accept(bound.actualPort()));
    }

    @Override
    public Future<?> stop() {
        return server.close();
    }

    /** Only agents and tools link here: a browser, which says where a page is from, doesn't. */
    private void handshake(ServerWebSocketHandshake handshake) {
        if (!LINK.equals(handshake.path())) {
            handshake.reject(404);
        } else if (handshake.headers().contains(HttpHeaders.ORIGIN)) {
            handshake.reject(403);
        } else if (links.isDraining()) {
            handshake.reject(503);
        } else {
            handshake.accept();
        }
    }
}
