package dev.gatehouse.e2e.local;

import dev.gatehouse.protocol.identity.Pem;
import dev.gatehouse.protocol.transport.Trust;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/** The REST API as a script uses it: trusts the CA file of {@code ready.json}, signs in, reads. */
public final class Rest implements AutoCloseable {

    private final HttpClient http;
    private final String adminUrl;
    private final String token;

    private Rest(HttpClient http, String adminUrl, String token) {
        this.http = http;
        this.adminUrl = adminUrl;
        this.token = token;
    }

    public static Rest signIn(JsonObject ready) throws IOException, InterruptedException, GeneralSecurityException {
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(
                null,
                new TrustManager[] {Trust.of(Pem.certificates(Files.readString(Path.of(ready.getString("caFile")))))},
                null);
        HttpClient http = HttpClient.newBuilder().sslContext(tls).build();
        String url = ready.getString("adminUrl");
        String password =
                Files.readString(Path.of(ready.getString("adminPasswordFile"))).strip();
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(URI.create(url + "/api/v1/login"))
                        .timeout(Duration.ofSeconds(30))
                        .header("content-type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(new JsonObject()
                                .put("username", ready.getString("adminUser"))
                                .put("password", password)
                                .encode()))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new AssertionError("login answered " + answer.statusCode() + ": " + answer.body());
        }
        return new Rest(http, url, new JsonObject(answer.body()).getString("token"));
    }

    JsonArray items(String path) throws IOException, InterruptedException {
        return page(path).getJsonArray("items");
    }

    /** The items of all pages. */
    public List<JsonObject> all(String path) throws IOException, InterruptedException {
        List<JsonObject> all = new ArrayList<>();
        JsonObject page = page(path);
        page.getJsonArray("items").forEach(item -> all.add((JsonObject) item));
        for (String cursor = page.getString("nextCursor"); cursor != null; cursor = page.getString("nextCursor")) {
            page = page(path + "&cursor=" + cursor);
            page.getJsonArray("items").forEach(item -> all.add((JsonObject) item));
        }
        return all;
    }

    private JsonObject page(String path) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = get(path);
        if (answer.statusCode() != 200) {
            throw new AssertionError(path + " answered " + answer.statusCode() + ": "
                    + new String(answer.body(), StandardCharsets.UTF_8));
        }
        return new JsonObject(Buffer.buffer(answer.body()));
    }

    HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create(adminUrl + "/api/v1/" + path))
                        .timeout(Duration.ofSeconds(60))
                        .header("authorization", "Bearer " + token)
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    @Override
    public void close() {
        http.close();
    }
}
