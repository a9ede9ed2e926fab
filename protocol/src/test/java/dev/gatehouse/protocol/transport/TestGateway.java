package dev.gatehouse.protocol.transport;

import dev.gatehouse.protocol.identity.AgentKey;
import dev.gatehouse.protocol.identity.Pem;
import dev.gatehouse.protocol.identity.TestCa;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.PemKeyCertOptions;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Both kinds of listening end on loopback, with two CAs, and dials that fit. */
public final class TestGateway {

    public final TestCa nodes = new TestCa("nodes");
    public final TestCa agents = new TestCa("agents");
    public final AgentKey agentKey = AgentKey.generate();
    public final UUID agentId = UUID.randomUUID();
    public final X509Certificate agentCertificate = agents.agent(agentKey, agentId);

    private final Vertx vertx;
    private final LinkSettings settings;
    private final Consumer<Link> accepted;
    private final AgentKey serverKey = AgentKey.generate();
    private final Buffer serverChain = Buffer.buffer(Pem.text(nodes.server(serverKey)));
    private Handler<HttpServerRequest> requests = request -> request.response().end();
    private NetServer tls;
    private HttpServer https;

    public TestGateway(Vertx vertx, LinkSettings settings, Consumer<Link> accepted) {
        this.vertx = vertx;
        this.settings = settings;
        this.accepted = accepted;
    }

    /** What answers plain HTTPS requests. */
    public TestGateway http(Handler<HttpServerRequest> handler) {
        requests = handler;
        return this;
    }

    public TestGateway listen() {
        tls = await(vertx.createNetServer(Listening.tls(
                        settings, serverChain, Buffer.buffer(serverKey.pem()), List.of(agents.certificate())))
                .connectHandler(socket -> accepted.accept(Link.over(vertx, socket, settings)))
                .listen(0, "127.0.0.1"));
        https = await(vertx.createHttpServer(Listening.webSocket(new HttpServerOptions())
                        .setSsl(true)
                        .setSslEngineOptions(Tls.engine())
                        .setKeyCertOptions(new PemKeyCertOptions()
                                .addCertValue(serverChain)
                                .addKeyValue(Buffer.buffer(serverKey.pem()))))
                .requestHandler(requests)
                .webSocketHandler(socket -> accepted.accept(Link.over(vertx, socket, settings)))
                .listen(0, "127.0.0.1"));
        return this;
    }

    public int port() {
        return tls.actualPort();
    }

    public URI url() {
        return URI.create("https://localhost:" + https.actualPort());
    }

    /** A dial as an enrolled agent has it. */
    public Dial dial() {
        return new Dial(vertx, settings, agentKey, List.of(agentCertificate), List.of(nodes.certificate()));
    }

    public static <T> T await(Future<T> future) {
        try {
            return future.await(30, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("nothing within 30 s", e);
        }
    }
}
