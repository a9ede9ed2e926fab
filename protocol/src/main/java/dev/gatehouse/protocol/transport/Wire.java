package dev.gatehouse.protocol.transport;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocketBase;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.streams.ReadStream;
import io.vertx.core.streams.WriteStream;
import java.util.function.Consumer;

/**
 * What a link needs of a connection, whichever kind it is: a stream of bytes each way, and its end.
 *
 * @param onClose registers who is told that the connection has gone
 * @param close closes it once what was written is out
 */
record Wire(
        ReadStream<Buffer> in,
        WriteStream<Buffer> out,
        SocketAddress remote,
        Consumer<Handler<Void>> onClose,
        Runnable close) {

    static Wire of(NetSocket socket) {
        return new Wire(socket, socket, socket.remoteAddress(), socket::closeHandler, socket::close);
    }

    /** The pieces of binary messages are the bytes, wherever messages begin and end. */
    static Wire of(WebSocketBase socket) {
        return new Wire(socket, socket, socket.remoteAddress(), socket::closeHandler, socket::close);
    }
}
