package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.gateway.testing.TestAgent;
import dev.gatehouse.gateway.testing.TestGateway;
import dev.gatehouse.protocol.identity.AgentKey;
import dev.gatehouse.protocol.identity.Csr;
import dev.gatehouse.protocol.identity.Pem;
import dev.gatehouse.protocol.identity.Pin;
import dev.gatehouse.protocol.identity.Signatures;
import dev.gatehouse.shared.testing.TestNode;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemTrustOptions;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class EnrolIT {

    private record Answer(int status, String type, String body) {
        JsonObject json() {
            return new JsonObject(body);
        }
    }

    private static TestGateway gateway;
    private static HttpClient client;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start();
        client = gateway.node()
                .vertx()
                .createHttpClient(new HttpClientOptions()
                        .setSsl(true)
                        .setTrustOptions(new PemTrustOptions()
                                .addCertValue(
                                        Buffer.buffer(Pem.text(gateway.trust().nodesCa())))));
    }

    @AfterAll
    static void stop() {
        TestNode.get(client.close());
        gateway.close();
    }

    @Test
    void fromTheCaOverTheCertificateToALinkAndARenewal() throws Exception {
        Answer ca = ask(HttpMethod.GET, "/enrol/ca", Buffer.buffer());
        assertThat(ca.type).isEqualTo("application/x-pem-file");
        assertThat(Pin.of(Pem.certificates(ca.body).getFirst()))
                .isEqualTo(Pin.of(gateway.trust().nodesCa()));

        AgentKey key = AgentKey.generate();
        Answer enrolled = enrol(gateway.token(), key);
        assertThat(enrolled.status).isEqualTo(200);
        X509Certificate certificate =
                Pem.certificates(enrolled.json().getString("certificate")).getFirst();
        UUID agentId = UUID.fromString(enrolled.json().getString("agentId"));
        assertThat(enrolled.json().getJsonArray("agentAddresses").getString(0))
                .isEqualTo("127.0.0.1:" + gateway.agentPort());
        assertThat(enrolled.json().getJsonObject("labels").getString("site")).isEqualTo("test");
        try (TestAgent agent = new TestAgent(
                gateway.node().vertx(),
                agentId,
                key,
                certificate,
                gateway.trust().nodesCa())) {
            agent.connect(gateway.agentPort()).greet();
        }

        Buffer csr = Csr.make(AgentKey.generate(), "x");
        Answer renewed = ask(
                HttpMethod.POST,
                "/enrol/renew",
                new JsonObject()
                        .put("certificate", Pem.text(certificate))
                        .put("csr", base64(csr))
                        .put("signature", base64(Signatures.renewal(key, csr)))
                        .toBuffer());
        assertThat(renewed.status).isEqualTo(200);
        assertThat(renewed.json().getString("agentId")).isEqualTo(agentId.toString());
    }

    @Test
    void refusalsAreProblemsWithStableCodes() {
        problem(enrol("gh_nonsense", AgentKey.generate()), 403, "unknown-token");
        problem(ask(HttpMethod.POST, "/enrol", Buffer.buffer("no json")), 400, "bad-request");
        problem(ask(HttpMethod.POST, "/enrol", Buffer.buffer("{\"token\":1}")), 400, "bad-request");
        problem(ask(HttpMethod.POST, "/enrol", Buffer.buffer(new byte[70_000])), 413, "too-large");
        problem(
                ask(
                        HttpMethod.POST,
                        "/enrol",
                        new JsonObject()
                                .put("token", gateway.token())
                                .put("name", "a")
                                .put("csr", "AAAA")
                                .toBuffer()),
                400,
                "bad-request");
        problem(
                ask(
                        HttpMethod.POST,
                        "/enrol/renew",
                        new JsonObject()
                                .put("certificate", "x")
                                .put("csr", "AA==")
                                .put("signature", "AA==")
                                .toBuffer()),
                400,
                "bad-request");
    }

    private static void problem(Answer answer, int status, String code) {
        assertThat(answer.status).isEqualTo(status);
        assertThat(answer.type).isEqualTo("application/problem+json");
        assertThat(answer.json().getString("code")).isEqualTo(code);
    }

    private static Answer enrol(String token, AgentKey key) {
        return ask(
                HttpMethod.POST,
                "/enrol",
                new JsonObject()
                        .put("token", token)
                        .put("name", "agent")
                        .put("csr", base64(Csr.make(key, "agent")))
                        .toBuffer());
    }

    private static String base64(Buffer bytes) {
        return Base64.getEncoder().encodeToString(bytes.getBytes());
    }

    private static Answer ask(HttpMethod method, String path, Buffer body) {
        return TestNode.get(client.request(method, gateway.accessPort(), "127.0.0.1", path)
                .compose(request -> request.send(body))
                .compose(EnrolIT::answer));
    }

    private static Future<Answer> answer(HttpClientResponse response) {
        return response.body()
                .map(body -> new Answer(response.statusCode(), response.getHeader("Content-Type"), body.toString()));
    }
}
