package dev.gatehouse.shared.store;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A network between a store and its server: answers come late, and one byte of what is sent may be changed. */
final class Relay implements AutoCloseable {

    private final NetClient client;
    private final NetServer server;
    private final AtomicLong untilDamage;
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger mostAtOnce = new AtomicInteger();

    private Relay(Vertx vertx, int port, Duration delay, long damageAt) {
        this.untilDamage = new AtomicLong(damageAt);
        this.client = vertx.createNetClient();
        this.server = vertx.createNetServer().connectHandler(near -> {
            near.pause();
            mostAtOnce.accumulateAndGet(open.incrementAndGet(), Math::max);
            near.closeHandler(closed -> open.decrementAndGet());
            client.connect(port, "127.0.0.1").onFailure(cause -> near.close()).onSuccess(far -> {
                far.handler(bytes -> later(vertx, delay, () -> near.write(bytes)));
                far.closeHandler(closed -> later(vertx, delay, near::close));
                near.handler(bytes -> forward(far, bytes));
                near.closeHandler(closed -> {
                    open.decrementAndGet();
                    far.close();
                });
                near.resume();
            });
        });
    }

    /** @param damageAt this byte of all that is sent to the server is changed */
    static Relay to(Vertx vertx, int port, Duration delay, long damageAt) {
        Relay relay = new Relay(vertx, port, delay, damageAt);
        ObjectStoreContract.get(relay.server.listen(0, "127.0.0.1"));
        return relay;
    }

    String url() {
        return "http://127.0.0.1:" + server.actualPort();
    }

    /** The most connections that were open at the same time. */
    int mostAtOnce() {
        return mostAtOnce.get();
    }

    private void forward(NetSocket far, Buffer bytes) {
        long before = untilDamage.getAndAdd(-bytes.length());
        Buffer sent = bytes;
        if (before >= 0 && before < bytes.length()) {
            sent = bytes.copy();
            sent.setByte((int) before, (byte) ~sent.getByte((int) before));
        }
        far.write(sent);
    }

    private static void later(Vertx vertx, Duration delay, Runnable action) {
        if (delay.isZero()) {
            action.run();
        } else {
            vertx.setTimer(delay.toMillis(), timer -> action.run());
        }
    }

    @Override
    public void close() {
        ObjectStoreContract.get(server.close());
        ObjectStoreContract.get(client.close());
    }
}
