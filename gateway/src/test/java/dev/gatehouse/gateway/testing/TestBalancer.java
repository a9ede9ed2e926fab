package dev.gatehouse.gateway.testing;

import dev.gatehouse.shared.testing.TestNode;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.HexFormat;

/** Passes connections on to a port of this host, after a header of its own. */
public final class TestBalancer implements AutoCloseable {

    private final NetServer server;
    private final NetClient client;

    public TestBalancer(Vertx vertx, int target, Buffer header) {
        client = vertx.createNetClient();
        server = vertx.createNetServer().connectHandler(accepted -> {
            accepted.pause();
            client.connect(target, "127.0.0.1")
                    .onSuccess(node -> join(accepted, node, header))
                    .onFailure(refused -> accepted.close());
        });
        TestNode.get(server.listen(0, "127.0.0.1"));
    }

    /** The PROXY protocol's header, version 2, for a client at 192.0.2.7. */
    public static Buffer header() {
        return Buffer.buffer(HexFormat.of()
                .parseHex(String.join(
                        "",
                        "0d0a0d0a000d0a515549540a", // signature
                        "21", // version 2, on behalf of another
                        "11", // TCP over IPv4
                        "000c", // 12 bytes of addresses
                        "c0000207", // source: 192.0.2.7
                        "c0000201", // destination: 192.0.2.1
                        "cafe", // source's port
                        "2710"))); // destination's port: 10000
    }

    private static void join(NetSocket client, NetSocket node, Buffer header) {
        node.write(header);
        client.pipeTo(node);
        node.pipeTo(client);
    }

    public int port() {
        return server.actualPort();
    }

    @Override
    public void close() {
        TestNode.get(server.close().eventually(client::close));
    }
}
