package dev.gatehouse.shared.status;

import dev.gatehouse.shared.settings.HostPort;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.TimeUnit;

/** The status endpoint of a process, plain HTTP: what balancers, orchestrators and Prometheus ask. */
public final class StatusServer {

    private static final int IDLE_SECONDS = 30;
    private static final int MAX_LINE_BYTES = 2048;
    private static final int MAX_HEADER_BYTES = 8192;
    private static final int BACKLOG = 1024;

    private final NodeHealth health;
    private final PrometheusMeterRegistry meters;
    private final WorkerExecutor workers;
    private final HttpServer server;

    private StatusServer(Vertx vertx, NodeHealth health, PrometheusMeterRegistry meters) {
        this.health = health;
        this.meters = meters;
        this.workers = vertx.createSharedWorkerExecutor("status", 1, 30, TimeUnit.SECONDS);
        this.server = vertx.createHttpServer(new HttpServerOptions()
                        .setIdleTimeout(IDLE_SECONDS)
                        .setIdleTimeoutUnit(TimeUnit.SECONDS)
                        .setMaxInitialLineLength(MAX_LINE_BYTES)
                        .setMaxHeaderSize(MAX_HEADER_BYTES)
                        .setAcceptBacklog(BACKLOG))
                .requestHandler(this::answer);
    }

    /** Fails when the address cannot be bound. */
    public static Future<StatusServer> start(
            Vertx vertx, HostPort address, NodeHealth health, PrometheusMeterRegistry meters) {
        StatusServer status = new StatusServer(vertx, health, meters);
        return status.server.listen(address.port(), address.host()).map(status);
    }

    /** The bound port. */
    public int port() {
        return server.actualPort();
    }

    public Future<Void> close() {
        return server.close().eventually(workers::close);
    }

    private void answer(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
            response.setStatusCode(405).putHeader("Allow", "GET, HEAD").end();
            return;
        }
        switch (request.path()) {
            case "/upcheck" ->
                health.verdict().onComplete(verdict -> upcheck(response, verdict), cause -> failed(response, cause));
            case "/health/live" -> json(response, 200, new JsonObject().put("status", "UP"));
            case "/health/ready" ->
                health.verdict()
                        .onComplete(
                                verdict -> json(response, verdict.ready() ? 200 : 503, verdict.checks()),
                                cause -> failed(response, cause));
            case "/metrics" ->
                workers.executeBlocking(meters::scrape, false)
                        .onComplete(text -> text(response, 200, text), cause -> failed(response, cause));
            default -> text(response, 404, "not found; /upcheck, /health/live, /health/ready and /metrics are here\n");
        }
    }

    private static void upcheck(HttpServerResponse response, NodeHealth.Verdict verdict) {
        if (!verdict.ready()) {
            text(response, 503, String.join("; ", verdict.down()) + "\n");
        } else if (!verdict.degraded().isEmpty()) {
            text(response, 200, "degraded: " + String.join("; ", verdict.degraded()) + "\n");
        } else {
            text(response, 200, "I'm up!");
        }
    }

    private static void failed(HttpServerResponse response, Throwable cause) {
        text(response, 503, "cannot say: " + cause.getMessage() + "\n");
    }

    private static void text(HttpServerResponse response, int status, String text) {
        end(response, status, "text/plain; charset=utf-8", text);
    }

    private static void json(HttpServerResponse response, int status, JsonObject body) {
        end(response, status, "application/json", body.encode());
    }

    private static void end(HttpServerResponse response, int status, String type, String body) {
        if (!response.closed() && !response.ended()) {
            response.setStatusCode(status)
                    .putHeader("Content-Type", type)
                    .putHeader("Cache-Control", "no-store")
                    .end(body);
        }
    }
}
