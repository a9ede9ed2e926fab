package dev.gatehouse.bench.target;

import dev.gatehouse.embedded.EmbeddedException;
import dev.gatehouse.embedded.S3ProxyProcess;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.Map;

/** An S3 server for an own {@code up}, in a JVM of its own, each of whose answers comes a time later. */
final class S3Behind implements AutoCloseable {

    private final S3ProxyProcess server;
    private final Vertx vertx = Vertx.vertx();
    private final int port;

    private S3Behind(S3ProxyProcess server, int latencyMillis) {
        this.server = server;
        this.port = SlowRelay.start(vertx, server.url(), latencyMillis);
    }

    static S3Behind start(Path folder, int latencyMillis) throws BenchException {
        try {
            return new S3Behind(S3ProxyProcess.start(folder), latencyMillis);
        } catch (EmbeddedException e) {
            throw new BenchException("S3 server", e);
        }
    }

    /** The environment in which {@code up} uses it. */
    Map<String, String> environment() {
        return Map.of(
                "GATEHOUSE_STORE_KIND",
                "s3",
                "GATEHOUSE_STORE_URL",
                "http://127.0.0.1:" + port,
                "GATEHOUSE_STORE_ACCESSKEY",
                server.accessKey(),
                "GATEHOUSE_STORE_SECRETKEY",
                server.secretKey());
    }

    @Override
    public void close() {
        vertx.close().await();
        server.stop();
    }
}
