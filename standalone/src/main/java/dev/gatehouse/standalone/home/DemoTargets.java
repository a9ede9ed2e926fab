package dev.gatehouse.standalone.home;

import dev.gatehouse.embedded.EmbeddedPostgres;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What the demo agent offers: a TCP echo and a web page in this process, and a database of its own in the embedded PostgreSQL. Loopback only. */
public final class DemoTargets implements AutoCloseable {

    /** Its name, and that of its only user. */
    public static final String DATABASE = "demo";

    private static final long LIMIT_SECONDS = 30;

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));

    private DemoTargets() {}

    /** Blocks until all are there. */
    public static DemoTargets start(Ports ports, EmbeddedPostgres postgres) throws TimeoutException {
        postgres.createOpenDatabase(DATABASE, DATABASE);
        DemoTargets targets = new DemoTargets();
        try {
            Future.all(targets.echo(ports.demoEcho()), targets.web(ports.demoWeb()))
                    .await(LIMIT_SECONDS, TimeUnit.SECONDS);
            return targets;
        } catch (TimeoutException | RuntimeException e) {
            targets.close();
            throw e;
        }
    }

    private Future<?> echo(int port) {
        return vertx.createNetServer()
                .connectHandler(socket -> socket.pipeTo(socket))
                .listen(port, "127.0.0.1");
    }

    private Future<?> web(int port) {
        return vertx.createHttpServer()
                .requestHandler(request -> request.response()
                        .putHeader("Content-Type", "text/html; charset=utf-8")
                        .end("<!doctype html><title>demo-web</title><h1>demo-web</h1><p>"
                                + "This page is served behind the demo agent."))
                .listen(port, "127.0.0.1");
    }

    @Override
    public void close() throws TimeoutException {
        vertx.close().await(LIMIT_SECONDS, TimeUnit.SECONDS);
    }
}
