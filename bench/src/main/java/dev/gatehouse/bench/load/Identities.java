package dev.gatehouse.bench.load;

import dev.gatehouse.bench.target.BenchException;
import dev.gatehouse.bench.target.Target;
import dev.gatehouse.protocol.identity.AgentKey;
import dev.gatehouse.protocol.identity.Csr;
import dev.gatehouse.protocol.identity.Pem;
import dev.gatehouse.protocol.transport.Trust;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/** Enrols the agents of a load as real ones are: a join token by REST, then a request and a certificate each. */
public final class Identities implements AutoCloseable {

    /** An enrolled agent. */
    public record Identity(UUID agentId, String name, AgentKey key, X509Certificate certificate) {}

    private static final int AT_ONCE = 8;
    private static final int STEP = 100;

    private final Target target;
    private final HttpClient http;
    private final ExecutorService workers = Executors.newFixedThreadPool(AT_ONCE);

    public Identities(Target target) throws BenchException {
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

    /** So many new agents; tells progress on standard error. */
    public List<Identity> enrol(int count) throws BenchException, InterruptedException {
        String token = joinToken(count);
        String run = Long.toString(System.currentTimeMillis(), 36);
        List<Future<Identity>> pending = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String name = "bench-" + run + "-" + i;
            pending.add(workers.submit(() -> enrol(token, name)));
        }
        List<Identity> identities = new ArrayList<>(count);
        for (Future<Identity> next : pending) {
            try {
                identities.add(next.get());
            } catch (ExecutionException e) {
                throw new BenchException("enrolment", e.getCause());
            }
            if (identities.size() % STEP == 0) {
                System.err.printf("bench: %d of %d agents enrolled%n", identities.size(), count);
            }
        }
        return identities;
    }

    private String joinToken(int uses) throws BenchException, InterruptedException {
        JsonObject login = post(
                target.adminUrl() + "/api/v1/login",
                new JsonObject().put("username", target.user()).put("password", target.password()),
                "");
        return post(
                        target.adminUrl() + "/api/v1/join-tokens",
                        new JsonObject().put("uses", uses).put("ttlSeconds", 3600),
                        login.getString("token"))
                .getString("token");
    }

    private Identity enrol(String token, String name) throws BenchException, InterruptedException {
        AgentKey key = AgentKey.generate();
        String csr = Base64.getEncoder().encodeToString(Csr.make(key, name).getBytes());
        JsonObject answer = post(
                target.accessUrl() + "/enrol",
                new JsonObject().put("token", token).put("csr", csr).put("name", name),
                "");
        try {
            return new Identity(
                    UUID.fromString(answer.getString("agentId")),
                    answer.getString("name"),
                    key,
                    Pem.certificates(answer.getString("certificate")).getFirst());
        } catch (CertificateException e) {
            throw new BenchException("certificate", e);
        }
    }

    private JsonObject post(String url, JsonObject body, String bearer) throws BenchException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url))
                .timeout(Duration.ofSeconds(60))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.encode()));
        if (!bearer.isEmpty()) {
            request.header("authorization", "Bearer " + bearer);
        }
        try {
            HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() / 100 != 2) {
                throw new BenchException(url + " answered " + response.statusCode() + ": " + response.body());
            }
            return new JsonObject(response.body());
        } catch (IOException e) {
            throw new BenchException(url, e);
        }
    }

    @Override
    public void close() {
        workers.shutdownNow();
        http.close();
    }
}
