package dev.gatehouse.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.cli.output.CliException;
import dev.gatehouse.cli.output.Exit;
import dev.gatehouse.cli.output.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/**
 * Talks to the admin endpoint. What only reads is repeated a few times when the server is busy or a connection breaks; what writes is sent once, under an idempotency key. Failures are {@link CliException}. Blocking.
 */
public final class ApiClient implements AutoCloseable {

    /** Of one JSON answer. */
    static final int MAX_JSON_BYTES = 64 * 1024 * 1024;

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofMinutes(2);
    private static final int ATTEMPTS = 5;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(300);
    private static final Duration MAX_PAUSE = Duration.ofSeconds(10);
    private static final Set<Integer> BUSY = Set.of(429, 502, 503, 504);
    private static final int PAGE = 500;

    private final HttpClient http;
    private final ApiUrl url;
    private final Optional<String> token;

    /** @param authorities the only CAs that are trusted; empty: those of the system */
    public ApiClient(ApiUrl url, List<X509Certificate> authorities, Optional<String> token) {
        this(url, Tls.trusting(authorities), token);
    }

    private ApiClient(ApiUrl url, SSLContext tls, Optional<String> token) {
        this.url = url;
        this.token = token;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT)
                .sslContext(tls)
                .build();
    }

    /** The PEM text of the CA that the server says is its own; nothing that came with it may be believed before the pin is checked. */
    public static String fetchCa(ApiUrl url) {
        try (ApiClient client = new ApiClient(url, Tls.trustingNobodyInParticular(), Optional.empty())) {
            HttpResponse<InputStream> answer =
                    client.send(client.request("ca", Map.of()).GET().build(), true);
            return new String(client.body(answer), StandardCharsets.US_ASCII);
        }
    }

    public JsonNode get(String path, Map<String, String> query) {
        return json(send(request(path, query).GET().build(), true));
    }

    public JsonNode post(String path, JsonNode body) {
        return write("POST", path, body);
    }

    /** Replaces what is there. */
    public JsonNode put(String path, JsonNode body) {
        return write("PUT", path, body);
    }

    /** Changes the fields that are given. */
    public JsonNode patch(String path, JsonNode body) {
        return write("PATCH", path, body);
    }

    private JsonNode write(String method, String path, JsonNode body) {
        HttpRequest request = request(path, Map.of())
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .method(method, BodyPublishers.ofString(body.toString()))
                .build();
        return json(send(request, false));
    }

    public void delete(String path) {
        send(
                request(path, Map.of())
                        .header("Idempotency-Key", UUID.randomUUID().toString())
                        .DELETE()
                        .build(),
                false);
    }

    /** Every item of a list, page by page, while the consumer wants more. */
    public void each(String path, Map<String, String> query, Predicate<JsonNode> consumer) {
        Map<String, String> page = new HashMap<>(query);
        page.putIfAbsent("limit", Integer.toString(PAGE));
        while (true) {
            JsonNode answer = get(path, page);
            for (JsonNode item : answer.path("items")) {
                if (!consumer.test(item)) {
                    return;
                }
            }
            String next = Json.text(answer, "nextCursor");
            if (next.isEmpty()) {
                return;
            }
            page.put("cursor", next);
        }
    }

    /** A response whose body is still to be read, from the byte on. The caller closes it. */
    public HttpResponse<InputStream> content(String path, long from) {
        HttpRequest.Builder request = request(path, Map.of());
        if (from > 0) {
            request.header("Range", "bytes=" + from + "-");
        }
        return send(request.GET().build(), true);
    }

    @Override
    public void close() {
        http.close();
    }

    private HttpRequest.Builder request(String path, Map<String, String> query) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(url.resolve(path, query)).timeout(ANSWER).header("Accept", "application/json");
        token.ifPresent(text -> request.header("Authorization", "Bearer " + text));
        return request;
    }

    private HttpResponse<InputStream> send(HttpRequest request, boolean repeatable) {
        Duration pause = FIRST_PAUSE;
        for (int attempt = 1; ; attempt++) {
            boolean last = attempt == ATTEMPTS || !repeatable;
            try {
                HttpResponse<InputStream> answer = http.send(request, BodyHandlers.ofInputStream());
                if (answer.statusCode() < 300) {
                    return answer;
                }
                if (last || !BUSY.contains(answer.statusCode())) {
                    throw ApiProblem.of(answer.statusCode(), body(answer));
                }
                answer.body().close();
                pause(answer.headers().firstValueAsLong("Retry-After").stream()
                        .mapToObj(Duration::ofSeconds)
                        .findFirst()
                        .orElse(pause));
            } catch (IOException broken) {
                if (last || neverConnected(broken)) {
                    throw notReachable(broken);
                }
                pause(pause);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                throw new CliException(Exit.FAILED, "stopped", stopped);
            } catch (NumberFormatException notSeconds) {
                pause(pause);
            }
            pause = pause.multipliedBy(2);
        }
    }

    private static boolean neverConnected(IOException broken) {
        return broken instanceof ConnectException
                || broken instanceof SSLException
                || broken instanceof HttpConnectTimeoutException;
    }

    private CliException notReachable(IOException broken) {
        if (broken instanceof SSLException) {
            return new CliException(
                    Exit.NOT_REACHABLE,
                    url + " cannot be trusted: " + broken.getMessage() + " (sign in with --ca-file or --ca-pin)",
                    broken);
        }
        String why = broken.getCause() instanceof UnresolvedAddressException
                ? "its name is not known"
                : Optional.ofNullable(broken.getMessage()).orElse("no connection");
        return new CliException(Exit.NOT_REACHABLE, url + " is not reachable: " + why, broken);
    }

    private JsonNode json(HttpResponse<InputStream> answer) {
        byte[] body = body(answer);
        try {
            return body.length == 0 ? Json.MAPPER.createObjectNode() : Json.MAPPER.readTree(body);
        } catch (IOException notJson) {
            throw new CliException(Exit.FAILED, url + " does not speak Gatehouse's API", notJson);
        }
    }

    private byte[] body(HttpResponse<InputStream> answer) {
        try (InputStream in = answer.body()) {
            byte[] body = in.readNBytes(MAX_JSON_BYTES + 1);
            if (body.length > MAX_JSON_BYTES) {
                throw new CliException(Exit.FAILED, "answer of more than " + MAX_JSON_BYTES + " bytes");
            }
            return body;
        } catch (IOException broken) {
            throw notReachable(broken);
        }
    }

    /** Spread out, so that many who were refused together do not come back together. */
    private static void pause(Duration atMost) {
        long millis = Math.min(atMost.toMillis(), MAX_PAUSE.toMillis());
        try {
            Thread.sleep(millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2 + 1));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new CliException(Exit.FAILED, "stopped", stopped);
        }
    }
}
