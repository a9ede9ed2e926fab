package dev.gatehouse.agent.health;

import dev.gatehouse.protocol.resource.ResourceAddress;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.ConnectOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import java.time.Duration;

/** Holds {@link Conversation}s with targets, each over a connection of its own. Event loop: called on the context that it was made on. */
final class Checker {

    /** For a connection and all that is said on it. */
    static final Duration LIMIT = Duration.ofSeconds(3);

    /** Of an answer that is not understood. */
    private static final int MAX_UNREAD = 16 * 1024;

    private final Vertx vertx;
    private final NetClient client;

    Checker(Vertx vertx) {
        this.vertx = vertx;
        this.client = vertx.createNetClient(new NetClientOptions()
                .setConnectTimeout((int) LIMIT.toMillis())
                .setReconnectAttempts(0)
                .setTcpNoDelay(true));
    }

    /** Fails with a message for people when the target is not well, within {@link #LIMIT}. */
    Future<Void> check(ResourceAddress address, HealthCheck how) {
        Promise<Void> result = Promise.promise();
        ConnectOptions options = new ConnectOptions()
                .setHost(address.host())
                .setPort(address.port())
                .setTimeout((int) LIMIT.toMillis());
        if (how.overTls(address)) {
            options.setSsl(true)
                    .setSslOptions(new ClientSSLOptions()
                            .setTrustAll(true) // only that a handshake is possible; clients look whose it is
                            .setHostnameVerificationAlgorithm(""));
        }
        Conversation conversation = how.conversation(address);
        long timer = vertx.setTimer(
                LIMIT.toMillis(), late -> result.tryFail("no answer within " + LIMIT.toSeconds() + " s"));
        client.connect(options)
                .onComplete(socket -> talk(socket, conversation, result), cause -> result.tryFail(reason(cause)));
        return result.future().onComplete(done -> vertx.cancelTimer(timer));
    }

    Future<Void> close() {
        return client.close();
    }

    private static void talk(NetSocket socket, Conversation conversation, Promise<Void> result) {
        if (result.future().isComplete()) { // too late
            socket.close();
            return;
        }
        Exchange exchange = new Exchange(socket, conversation, result);
        socket.handler(exchange::received)
                .exceptionHandler(cause -> result.tryFail(reason(cause)))
                .closeHandler(closed -> result.tryFail("closes the connection"));
        result.future().onComplete(done -> socket.close());
        Buffer hello = conversation.hello();
        if (hello.length() > 0) {
            socket.write(hello);
        }
        exchange.received(Buffer.buffer());
    }

    /** What was heard on one connection. */
    private static final class Exchange {
        private final NetSocket socket;
        private final Conversation conversation;
        private final Promise<Void> result;
        private Buffer unread = Buffer.buffer();

        Exchange(NetSocket socket, Conversation conversation, Promise<Void> result) {
            this.socket = socket;
            this.conversation = conversation;
            this.result = result;
        }

        void received(Buffer bytes) {
            if (result.future().isComplete()) {
                return;
            }
            unread.appendBuffer(bytes);
            switch (conversation.heard(unread)) {
                case Conversation.Step.More more -> {
                    if (unread.length() > MAX_UNREAD) {
                        result.tryFail("says more than " + MAX_UNREAD + " bytes that are not understood");
                    }
                }
                case Conversation.Step.Say say -> {
                    unread = unread.getBuffer(say.used(), unread.length());
                    socket.write(say.bytes());
                    if (unread.length() > 0) {
                        received(Buffer.buffer());
                    }
                }
                case Conversation.Step.Well well -> {
                    if (well.goodbye().length() > 0) {
                        socket.write(well.goodbye());
                    }
                    result.tryComplete();
                }
                case Conversation.Step.Ill ill -> result.tryFail(ill.why());
            }
        }
    }

    private static String reason(Throwable cause) {
        Throwable innermost = cause;
        while (innermost.getCause() != null) {
            innermost = innermost.getCause();
        }
        String message = innermost.getMessage();
        return message == null || message.isBlank() ? innermost.getClass().getSimpleName() : message;
    }
}
