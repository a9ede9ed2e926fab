package dev.gatehouse.protocol.transport;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A network between two ends that can stop to carry anything, without a word to either. */
final class Relay {

    /** Small buffers of its own, so that a test needn't fill megabytes before something is felt. */
    private static final int BUFFER = 64 * 1024;

    private final List<NetSocket> sockets = new CopyOnWriteArrayList<>();
    private final NetServer server;
    private volatile boolean frozen;

    Relay(Vertx vertx, int targetPort) {
        var client = vertx.createNetClient(new NetClientOptions().setReceiveBufferSize(BUFFER));
        server = TestGateway.await(vertx.createNetServer(new NetServerOptions().setReceiveBufferSize(BUFFER))
                .connectHandler(near -> {
                    near.pause();
                    client.connect(targetPort, "127.0.0.1").onSuccess(far -> {
                        sockets.addAll(List.of(near, far));
                        carry(near, far);
                        carry(far, near);
                        near.resume();
                    });
                })
                .listen(0, "127.0.0.1"));
    }

    private void carry(NetSocket from, NetSocket to) {
        from.handler((Buffer bytes) -> {
            to.write(bytes);
            if (to.writeQueueFull()) {
                from.pause();
                to.drainHandler(room -> from.resume());
            }
        });
        from.closeHandler(gone -> {
            if (!frozen) { // a reset is seen even by who doesn't read
                to.close();
            }
        });
    }

    int port() {
        return server.actualPort();
    }

    void freeze() {
        frozen = true;
        sockets.forEach(NetSocket::pause);
    }

    void thaw() {
        frozen = false;
        sockets.forEach(NetSocket::resume);
    }
}
