package dev.gatehouse.agent.enrol;

import dev.gatehouse.agent.enrol.EnrolException.Reason;
import dev.gatehouse.protocol.identity.AgentKey;
import dev.gatehouse.protocol.identity.Csr;
import dev.gatehouse.protocol.identity.Pem;
import dev.gatehouse.protocol.identity.Pin;
import dev.gatehouse.protocol.identity.Signatures;
import dev.gatehouse.protocol.transport.Trust;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Asks a deployment's access endpoint for an identity. The deployment's CA is fetched without trust and held against the pin; the token goes only to a server that this CA (or, behind a balancer, a CA of the system) vouches for.
 *
 * <p>Blocking; used from a command, or a worker thread.
 */
public final class EnrolClient {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final int MAX_ANSWER = 256 * 1024;

    private EnrolClient() {}

    /** A new agent. Nothing is written. */
    public static Identity enrol(URI accessUrl, String token, Pin pin, String name)
            throws EnrolException, InterruptedException {
        URI base = checked(accessUrl);
        List<X509Certificate> cas = pinned(base, pin);
        AgentKey key = AgentKey.generate();
        JsonObject answer = post(
                base.resolve("/enrol"),
                cas,
                new JsonObject()
                        .put("token", token)
                        .put("name", name)
                        .put(
                                "csr",
                                Base64.getEncoder()
                                        .encodeToString(Csr.make(key, name).getBytes())));
        try {
            Map<String, String> labels = new TreeMap<>();
            answer.getJsonObject("labels", new JsonObject())
                    .forEach(label -> labels.put(label.getKey(), String.valueOf(label.getValue())));
            return new Identity(
                    UUID.fromString(answer.getString("agentId")),
                    answer.getString("name", name),
                    labels,
                    base,
                    pin.toString(),
                    addresses(answer, base),
                    key,
                    chain(answer),
                    trust(answer, pin, cas));
        } catch (CertificateException | NullPointerException | ClassCastException | IllegalArgumentException e) {
            throw badAnswer(base, e);
        }
    }

    /** A new certificate for an agent whose old one may have ended; proven by a signature of the old key. */
    public static Identity renew(Identity old) throws EnrolException, InterruptedException {
        AgentKey key = AgentKey.generate();
        Buffer csr = Csr.make(key, old.name());
        JsonObject answer = post(
                old.accessUrl().resolve("/enrol/renew"),
                old.trust(),
                new JsonObject()
                        .put("certificate", Pem.text(old.certificate()))
                        .put("csr", Base64.getEncoder().encodeToString(csr.getBytes()))
                        .put(
                                "signature",
                                Base64.getEncoder()
                                        .encodeToString(Signatures.renewal(old.key(), csr)
                                                .getBytes()))
                        .put("time", Instant.now().toString()));
        try {
            return old.with(key, chain(answer), trust(answer, Pin.parse(old.caPin()), old.trust()));
        } catch (CertificateException | NullPointerException | ClassCastException | IllegalArgumentException e) {
            throw badAnswer(old.accessUrl(), e);
        }
    }

    private static URI checked(URI url) throws EnrolException {
        if (!"https".equals(url.getScheme()) || url.getHost() == null) {
            throw new EnrolException(
                    Reason.FAILED, "bad-url", "access address '" + url + "'; https://HOST[:PORT] is needed");
        }
        return URI.create("https://" + url.getRawAuthority());
    }

    /** The deployment's CA, if it is the one that was asked for. */
    private static List<X509Certificate> pinned(URI base, Pin pin) throws EnrolException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(base.resolve("/enrol/ca"))
                .timeout(TIMEOUT)
                .build();
        HttpResponse<String> answer = send(request, new Anybody());
        if (answer.statusCode() != 200) {
            throw new EnrolException(
                    Reason.FAILED,
                    "bad-answer",
                    base + " answers " + answer.statusCode() + " to /enrol/ca; is it an access address of Gatehouse?");
        }
        try {
            List<X509Certificate> matching = Pem.certificates(answer.body()).stream()
                    .filter(pin::matches)
                    .toList();
            if (matching.isEmpty()) {
                throw new EnrolException(
                        Reason.REFUSED,
                        "wrong-pin",
                        "the CA of " + base + " is not the one with pin " + pin + " but "
                                + Pin.of(Pem.certificates(answer.body()).getFirst()) + "; the token was not sent");
            }
            return matching;
        } catch (CertificateException e) {
            throw badAnswer(base, e);
        }
    }

    private static JsonObject post(URI url, List<X509Certificate> cas, JsonObject body)
            throws EnrolException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(url)
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.encode()))
                .build();
        HttpResponse<String> answer = send(request, Trust.orSystem(cas));
        try {
            JsonObject json = new JsonObject(answer.body());
            if (answer.statusCode() == 200) {
                return json;
            }
            boolean refused = answer.statusCode() < 500 && answer.statusCode() != 429;
            String code = json.getString("code", "status-" + answer.statusCode());
            throw new EnrolException(
                    refused ? Reason.REFUSED : Reason.FAILED, code, meaning(code, json.getString("detail", "")));
        } catch (DecodeException | ClassCastException e) {
            throw badAnswer(url, e);
        }
    }

    private static String meaning(String code, String detail) {
        return switch (code) {
            case "unknown-token" -> "the token is not known here; copy it again, or make a new one";
            case "used-token" -> "the token has been used up; make a new one";
            case "expired-token" -> "the token's time is over; make a new one";
            case "revoked" -> "this agent has been revoked; enrol it anew if that is wanted";
            default -> code + (detail.isEmpty() ? "" : ": " + detail);
        };
    }

    private static HttpResponse<String> send(HttpRequest request, X509ExtendedTrustManager trust)
            throws EnrolException, InterruptedException {
        try {
            SSLContext tls = SSLContext.getInstance("TLS");
            tls.init(null, new TrustManager[] {trust}, null);
            try (HttpClient client = HttpClient.newBuilder()
                    .sslContext(tls)
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(TIMEOUT)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .build()) {
                HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
                if (answer.body().length() > MAX_ANSWER) {
                    throw new IOException("answer of " + answer.body().length() + " characters");
                }
                return answer;
            }
        } catch (IOException e) {
            throw new EnrolException(Reason.UNREACHABLE, "unreachable", request.uri() + ": " + reason(e));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has TLS", e);
        }
    }

    /** The innermost cause says it; a certificate that is not yet or no longer valid is often this machine's clock. */
    private static String reason(IOException e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String text = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        boolean clock = cause instanceof java.security.cert.CertificateNotYetValidException
                || cause instanceof java.security.cert.CertificateExpiredException;
        return clock ? text + " (is this machine's clock right?)" : text;
    }

    private static List<X509Certificate> chain(JsonObject answer) throws CertificateException {
        List<X509Certificate> chain = new ArrayList<>(Pem.certificates(answer.getString("certificate")));
        String issuers = answer.getString("chain", "");
        if (!issuers.isBlank()) {
            Pem.certificates(issuers).stream()
                    .filter(issuer -> !chain.contains(issuer))
                    .forEach(chain::add);
        }
        return chain;
    }

    /** What the answer says to trust, if what was pinned is part of it. */
    private static List<X509Certificate> trust(JsonObject answer, Pin pin, List<X509Certificate> pinned)
            throws CertificateException {
        String trust = answer.getString("trust", "");
        List<X509Certificate> told = trust.isBlank() ? pinned : Pem.certificates(trust);
        if (told.stream().noneMatch(pin::matches)) {
            throw new CertificateException("what it says to trust has no CA with pin " + pin);
        }
        return told;
    }

    private static List<String> addresses(JsonObject answer, URI base) {
        List<String> addresses = answer.getJsonArray("agentAddresses", new JsonArray()).stream()
                .map(String.class::cast)
                .toList();
        return addresses.isEmpty() ? List.of(base.getHost() + ":10000") : addresses;
    }

    private static EnrolException badAnswer(URI from, Exception cause) {
        return new EnrolException(
                Reason.FAILED, "bad-answer", from + " answers something unexpected: " + cause.getMessage());
    }

    /** Only for fetching the CA, which is then held against the pin. */
    private static final class Anybody extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, java.net.Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, java.net.Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, javax.net.ssl.SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, javax.net.ssl.SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
