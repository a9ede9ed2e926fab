package dev.gatehouse.admin;

import dev.gatehouse.admin.setup.FirstAdministrator;
import dev.gatehouse.shared.audit.Audit;
import dev.gatehouse.shared.custody.CertificateAuthorities;
import dev.gatehouse.shared.people.Passwords;
import dev.gatehouse.shared.people.People;
import dev.gatehouse.shared.testing.TestCas;
import dev.gatehouse.shared.testing.TestNode;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A real admin endpoint on a node of its own, and a client that trusts it. */
final class Api implements AutoCloseable {

    static final String ADMIN = "admin";
    static final Duration PATIENCE = Duration.ofSeconds(30);

    final TestNode node;
    final AdminService service;
    final HttpClient client;
    final String password;
    private String token = "";

    private Api(TestNode node, AdminService service, HttpClient client, String password) {
        this.node = node;
        this.service = service;
        this.client = client;
        this.password = password;
    }

    static Api start() {
        return start(builder -> builder);
    }

    static Api start(java.util.function.UnaryOperator<TestNode.Builder> more) {
        try {
            Path folder = Files.createTempDirectory("gatehouse-admin");
            Path passwordFile = folder.resolve("admin-password");
            TestCas cas = new TestCas(folder);
            AdminService service = new AdminService();
            TestNode.Builder builder = TestNode.with().service(service);
            cas.settings().forEach(builder::set);
            TestNode node = more.apply(builder).start();
            Passwords passwords = new Passwords(node.node().vertx());
            TestNode.get(new FirstAdministrator(ADMIN, passwordFile)
                    .create(node.node().vertx(), new People(node.node().postgres(), passwords, new Audit("test"))));
            TestNode.get(passwords.close());
            Api api = new Api(
                    node,
                    service,
                    client(cas.authorities()),
                    Files.readString(passwordFile).strip());
            api.token = api.login(ADMIN, api.password);
            return api;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    URI uri(String path) {
        return URI.create("https://localhost:" + service.port() + path);
    }

    HttpRequest.Builder anonymous(String path) {
        return HttpRequest.newBuilder(uri("/api/v1/" + path)).timeout(PATIENCE);
    }

    HttpRequest.Builder as(String bearer, String path) {
        return anonymous(path).header("Authorization", "Bearer " + bearer);
    }

    /** By the administrator. */
    HttpRequest.Builder request(String path) {
        return as(token, path);
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        return send(request, BodyHandlers.ofString());
    }

    <T> HttpResponse<T> send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> handler) {
        try {
            return client.send(request.build(), handler);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    HttpResponse<String> get(String path) {
        return send(request(path).GET());
    }

    JsonObject json(String path) {
        HttpResponse<String> response = get(path);
        if (response.statusCode() != 200) {
            throw new AssertionError(path + ": " + response.statusCode() + " " + response.body());
        }
        return new JsonObject(response.body());
    }

    List<JsonObject> items(String path) {
        return json(path).getJsonArray("items").stream()
                .map(JsonObject.class::cast)
                .toList();
    }

    HttpResponse<String> post(String path, JsonObject body, String... headers) {
        return send(body(request(path), body, headers));
    }

    static HttpRequest.Builder body(HttpRequest.Builder request, JsonObject body, String... headers) {
        HttpRequest.Builder builder =
                request.header("Content-Type", "application/json").POST(BodyPublishers.ofString(body.encode()));
        return headers.length == 0 ? builder : builder.headers(headers);
    }

    /** A token. */
    String login(String name, String secret) {
        HttpResponse<String> response =
                send(body(anonymous("login"), JsonObject.of("username", name, "password", secret)));
        if (response.statusCode() != 200) {
            throw new AssertionError(response.statusCode() + " " + response.body());
        }
        return new JsonObject(response.body()).getString("token");
    }

    String token() {
        return token;
    }

    @Override
    public void close() {
        client.shutdownNow(); // close() would wait for feeds, which never end
        node.close();
    }

    private static HttpClient client(CertificateAuthorities authorities) throws GeneralSecurityException, IOException {
        KeyStore trust = KeyStore.getInstance(KeyStore.getDefaultType());
        trust.load(null, null);
        trust.setCertificateEntry("nodes", authorities.nodes().certificate());
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trust);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        return HttpClient.newBuilder()
                .sslContext(context)
                .connectTimeout(PATIENCE)
                .build();
    }
}
