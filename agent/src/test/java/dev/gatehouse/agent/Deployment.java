package dev.gatehouse.agent;

import dev.gatehouse.protocol.identity.Csr;
import dev.gatehouse.protocol.identity.Pem;
import dev.gatehouse.protocol.identity.Pin;
import dev.gatehouse.protocol.transport.Listening;
import dev.gatehouse.protocol.transport.Tls;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A small deployment for tests: an access endpoint that enrols, and gateways that keep in memory what they acknowledge. */
final class Deployment {

    static final String TOKEN = "a-token";

    final TestCa nodes = new TestCa("nodes");
    final TestCa agents = new TestCa("agents");
    final List<FakeGateway> gateways = new CopyOnWriteArrayList<>();
    final Map<UUID, StoredStream> streams = new ConcurrentHashMap<>();
    final List<String> posts = new CopyOnWriteArrayList<>();
    volatile Duration certificateAge = Duration.ofHours(1);
    volatile Duration certificateLeft = Duration.ofDays(7);
    volatile boolean addressesReachable = true;
    volatile boolean keepsChunks = true;
    private final Vertx vertx;
    private final HttpServer access;

    Deployment(Vertx vertx) {
        this.vertx = vertx;
        TestCa.Server server = nodes.server();
        access = await(vertx.createHttpServer(Listening.webSocket(new HttpServerOptions())
                        .setSsl(true)
                        .setSslEngineOptions(Tls.engine())
                        .setKeyCertOptions(options(server)))
                .requestHandler(this::request)
                .webSocketHandler(socket -> gateways.getFirst().accept(socket))
                .listen(0, "127.0.0.1"));
        addGateway("gateway-1");
    }

    FakeGateway addGateway(String id) {
        FakeGateway gateway = new FakeGateway(vertx, this, id);
        gateways.add(gateway);
        return gateway;
    }

    private static PemKeyCertOptions options(TestCa.Server identity) {
        return new PemKeyCertOptions().addCertValue(identity.chain()).addKeyValue(identity.key());
    }

    /** From now on all servers show this certificate. */
    void show(TestCa.Server identity) {
        await(access.updateSSLOptions(new ServerSSLOptions().setKeyCertOptions(options(identity)), true));
        gateways.forEach(gateway -> gateway.show(identity));
    }

    URI url() {
        return URI.create("https://localhost:" + access.actualPort());
    }

    Pin pin() {
        return Pin.of(nodes.certificate());
    }

    Collection<StoredStream> streams(String name) {
        return streams.values().stream()
                .filter(stream -> stream.open.getName().equals(name))
                .toList();
    }

    StoredStream stream(String name) {
        Collection<StoredStream> found = streams(name);
        if (found.size() != 1) {
            throw new AssertionError(found.size() + " streams with name " + name);
        }
        return found.iterator().next();
    }

    /** Texts of all events that are durable. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        streams("log").stream()
                .sorted(java.util.Comparator.comparingLong(stream -> stream.arrived))
                .forEach(stream -> stream.events().forEach(event -> lines.add(event.getText())));
        return lines;
    }

    private void request(HttpServerRequest request) {
        switch (request.path()) {
            case "/enrol/ca" -> request.response().end(Pem.text(nodes.certificate()));
            case "/enrol", "/enrol/renew" -> request.body().onSuccess(body -> post(request, body));
            default -> request.response().setStatusCode(404).end();
        }
    }

    private void post(HttpServerRequest request, Buffer body) {
        posts.add(request.path());
        JsonObject json = body.toJsonObject();
        boolean renew = request.path().endsWith("renew");
        if (!renew && !json.getString("token").equals(TOKEN)) {
            String code = json.getString("token");
            request.response()
                    .setStatusCode(403)
                    .putHeader("Content-Type", "application/problem+json")
                    .end(new JsonObject().put("code", code).put("detail", "no").encode());
            return;
        }
        try {
            Csr csr = Csr.read(Buffer.buffer(Base64.getDecoder().decode(json.getString("csr"))));
            UUID id = UUID.randomUUID();
            if (renew) {
                certificateLeft = Duration.ofDays(7);
            }
            request.response()
                    .end(new JsonObject()
                            .put("agentId", id.toString())
                            .put("name", json.getString("name", "renewed"))
                            .put("labels", new JsonObject().put("site", "berlin"))
                            .put(
                                    "certificate",
                                    Pem.text(agents.agent(csr.publicKey(), id, certificateAge, certificateLeft)))
                            .put("chain", Pem.text(agents.certificate()))
                            .put("trust", Pem.text(nodes.certificate()))
                            .put("agentAddresses", new JsonArray().add(address()))
                            .encode());
        } catch (Csr.BadCsr e) {
            request.response()
                    .setStatusCode(400)
                    .end(new JsonObject().put("code", "bad-request").encode());
        }
    }

    private String address() {
        return "localhost:" + (addressesReachable ? gateways.getFirst().port() : 1);
    }

    static <T> T await(Future<T> future) {
        try {
            return future.await(30, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("nothing within 30 s", e);
        }
    }
}
