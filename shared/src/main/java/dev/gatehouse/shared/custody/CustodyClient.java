package dev.gatehouse.shared.custody;

import dev.gatehouse.protocol.identity.Csr;
import dev.gatehouse.protocol.identity.Pem;
import dev.gatehouse.protocol.transport.Trust;
import dev.gatehouse.shared.custody.IdentityException.Reason;
import dev.gatehouse.shared.trust.CertificateAuthority;
import dev.gatehouse.shared.trust.NodeIdentity;
import dev.gatehouse.shared.trust.NodeUri;
import dev.gatehouse.shared.trust.PrivateKeys;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;

/**
 * Asks an admin endpoint for a node's certificate over HTTPS. The token goes only to a server whose certificate is by the CA of nodes and names the host that was asked: it is in the request's body, which is sent after that is proved. Blocking.
 */
final class CustodyClient implements AutoCloseable {

    static final String PATH = "/api/v1/node-certificates";

    private static final Duration CONNECT = Duration.ofSeconds(3);

    /** For one answer: longer than custody may take with its database. */
    private static final Duration ANSWER = Duration.ofSeconds(12);

    private static final int MAX_ANSWER = 64 * 1024;

    /** Nobody who can be believed has answered, or not now: to be tried again, elsewhere or later. */
    static final class NotNow extends Exception {
        private static final long serialVersionUID = 1;

        NotNow(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private final X509Certificate nodesCa;
    private final HttpClient client;

    CustodyClient(X509Certificate nodesCa) {
        this.nodesCa = nodesCa;
        try {
            SSLContext tls = SSLContext.getInstance("TLSv1.3");
            tls.init(null, new TrustManager[] {Trust.of(List.of(nodesCa))}, null);
            this.client = HttpClient.newBuilder()
                    .sslContext(tls)
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(CONNECT)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .build();
        } catch (GeneralSecurityException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }

    /** A new identity with a new key. */
    NodeIdentity ask(URI admin, String token, String node, List<String> names)
            throws NotNow, IdentityException, InterruptedException {
        KeyPair pair = PrivateKeys.generate();
        JsonObject body = new JsonObject()
                .put("token", token)
                .put("name", node)
                .put("names", new JsonArray(names))
                .put(
                        "csr",
                        Base64.getEncoder().encodeToString(Csr.make(pair, node).getBytes()));
        X509Certificate certificate = certificate(admin, send(admin, body));
        if (!CertificateAuthority.issued(nodesCa, certificate)
                || !certificate.getPublicKey().equals(pair.getPublic())
                || NodeUri.read(certificate).filter(node::equals).isEmpty()) {
            throw new IdentityException(
                    Reason.FAILED, admin + " answers with a certificate that is not the one asked for");
        }
        return new NodeIdentity(certificate, pair.getPrivate(), nodesCa);
    }

    private HttpResponse<InputStream> send(URI admin, JsonObject body) throws NotNow, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(admin.resolve(PATH))
                .timeout(ANSWER)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.encode()))
                .build();
        try {
            return client.send(request, BodyHandlers.ofInputStream());
        } catch (SSLException unproved) {
            throw new NotNow(
                    admin
                            + " does not prove with custody.nodesCaFile that it is of this deployment, so it was not told the token: "
                            + reason(unproved),
                    unproved);
        } catch (IOException away) {
            throw new NotNow(admin + " does not answer: " + reason(away), away);
        }
    }

    private static X509Certificate certificate(URI admin, HttpResponse<InputStream> answer)
            throws NotNow, IdentityException {
        try (InputStream stream = answer.body()) {
            JsonObject json = new JsonObject(new String(stream.readNBytes(MAX_ANSWER), StandardCharsets.UTF_8));
            if (answer.statusCode() == 200) {
                return Pem.certificates(json.getString("certificate", "")).getFirst();
            }
            String detail = json.getString("detail", "");
            if (answer.statusCode() == 403) {
                throw new IdentityException(Reason.REFUSED, admin + " refuses custody.nodeTokenFile: " + detail);
            }
            if (answer.statusCode() == 429 || answer.statusCode() >= 500) {
                throw new NotNow(admin + " answers " + answer.statusCode() + ": " + detail, null);
            }
            throw new IdentityException(Reason.FAILED, admin + " answers " + answer.statusCode() + ": " + detail);
        } catch (IOException | CertificateException | DecodeException | ClassCastException unexpected) {
            throw new NotNow(
                    admin + " answers " + answer.statusCode() + " with something unexpected; is it an admin endpoint?",
                    unexpected);
        }
    }

    /** The innermost cause says it. */
    private static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    @Override
    public void close() {
        client.close();
    }
}
