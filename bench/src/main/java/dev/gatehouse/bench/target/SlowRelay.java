package dev.gatehouse.bench.target;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.net.URI;

/** Carries TCP connections to a server and holds each piece of its answers back for a time: a request takes that much longer, however many are on their way. Requests are not held back. */
final class SlowRelay {

    private static final int QUEUE = 1024 * 1024;

    private final Vertx vertx;
    private final int latencyMillis;

    private SlowRelay(Vertx vertx, int latencyMillis) {
        this.vertx = vertx;
        this.latencyMillis = latencyMillis;
    }

    /** The port on the loopback interface where it listens. */
    static int start(Vertx vertx, String url, int latencyMillis) {
        URI server = URI.create(url);
        SlowRelay relay = new SlowRelay(vertx, latencyMillis);
        NetClient client = vertx.createNetClient();
        return vertx.createNetServer()
                .connectHandler(caller -> {
                    caller.pause();
                    client.connect(server.getPort(), server.getHost())
                            .onSuccess(called -> relay.join(caller, called))
                            .onFailure(refused -> caller.close());
                })
                .listen(0, "127.0.0.1")
                .await()
                .actualPort();
    }

    private void join(NetSocket caller, NetSocket called) {
        called.setWriteQueueMaxSize(QUEUE);
        caller.pipeTo(called);
        called.handler(answer -> later(() -> caller.write(answer)));
        called.closeHandler(gone -> later(caller::close));
    }

    /** What is due at the same time is done in the order in which it was asked for. */
    private void later(Runnable step) {
        if (latencyMillis == 0) {
            step.run();
        } else {
            vertx.setTimer(latencyMillis, due -> step.run());
        }
    }
}
