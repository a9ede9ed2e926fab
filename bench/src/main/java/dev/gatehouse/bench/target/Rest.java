package dev.gatehouse.bench.target;

import dev.gatehouse.protocol.transport.Trust;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/** JSON over HTTPS to the target, its CA trusted; signed in as its administrator on the first need. Thread-safe. */
public final class Rest implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final Target target;
    private final HttpClient http;
    private String token = "";

    public Rest(Target target) throws BenchException {
        this.target = target;
        try {
            SSLContext tls = SSLContext.getInstance("TLS");
            tls.init(null, new TrustManager[] {Trust.of(target.trust())}, null);
            http = HttpClient.newBuilder()
                    .sslContext(tls)
                    .connectTimeout(Duration.ofSeconds(10))
                    .build();
        } catch (GeneralSecurityException e) {
            throw new BenchException("TLS", e);
        }
    }

    /** As the administrator, a path below {@code /api/v1/}. */
    public JsonObject get(String path) throws BenchException, InterruptedException {
        return send(signed(path).GET().build());
    }

    /** As the administrator, a path below {@code /api/v1/}. */
    public JsonObject post(String path, JsonObject body) throws BenchException, InterruptedException {
        return send(signed(path)
                .POST(HttpRequest.BodyPublishers.ofString(body.encode()))
                .build());
    }

    /** As nobody, any URL. */
    public JsonObject postTo(String url, JsonObject body) throws BenchException, InterruptedException {
        return send(request(url)
                .POST(HttpRequest.BodyPublishers.ofString(body.encode()))
                .build());
    }

    private HttpRequest.Builder signed(String path) throws BenchException, InterruptedException {
        return request(target.adminUrl() + "/api/v1/" + path).header("authorization", "Bearer " + token());
    }

    private synchronized String token() throws BenchException, InterruptedException {
        if (token.isEmpty()) {
            token = postTo(
                            target.adminUrl() + "/api/v1/login",
                            new JsonObject().put("username", target.user()).put("password", target.password()))
                    .getString("token");
        }
        return token;
    }

    private static HttpRequest.Builder request(String url) {
        return HttpRequest.newBuilder(URI.create(url)).timeout(LIMIT).header("content-type", "application/json");
    }

    private JsonObject send(HttpRequest request) throws BenchException, InterruptedException {
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() / 100 != 2) {
                throw new BenchException(request.uri() + " answered " + response.statusCode() + ": " + response.body());
            }
            return new JsonObject(response.body());
        } catch (IOException e) {
            throw new BenchException(request.uri().toString(), e);
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
