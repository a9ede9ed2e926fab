package dev.gatehouse.shared.custody;

import static dev.gatehouse.shared.custody.CustodyFixture.csr;
import static dev.gatehouse.shared.custody.CustodyFixture.reason;
import static dev.gatehouse.shared.trust.TestDatabase.failure;
import static dev.gatehouse.shared.trust.TestDatabase.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.protocol.identity.AgentKey;
import dev.gatehouse.protocol.identity.Csr;
import dev.gatehouse.protocol.identity.Signatures;
import dev.gatehouse.shared.bus.Addresses;
import dev.gatehouse.shared.custody.CustodyException.Reason;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class BusCustodyIT {

    private static CustodyFixture fixture;

    private final Custody custody = new BusCustody(fixture.database.vertx);
    private String deployment;

    @BeforeAll
    static void start() {
        fixture = new CustodyFixture();
    }

    @AfterAll
    static void stop() {
        fixture.close();
    }

    @AfterEach
    void undeploy() {
        if (deployment != null) {
            get(fixture.database.vertx.undeploy(deployment));
        }
    }

    @Test
    void saysTheSameAsTheCustodyBehindIt() {
        deploy(fixture.custody);
        AgentKey key = AgentKey.generate();
        Custody.Issued issued =
                get(custody.enrol(new Custody.Enrolment(fixture.token(1), Csr.make(key, "x"), "far", "192.0.2.1")));
        assertThat(issued.name()).isEqualTo("far");
        assertThat(issued.labels()).containsEntry("site", "berlin");
        assertThat(get(custody.trust())).isEqualTo(get(fixture.custody.trust())).isEqualTo(issued.trust());
        Buffer csr = csr();
        ExpiredRenewal renewal = new ExpiredRenewal(issued.certificate(), csr, Signatures.renewal(key, csr));
        assertThat(get(custody.renewExpired(renewal, "192.0.2.1")).agentId()).isEqualTo(issued.agentId());
        assertThat(get(custody.renew(issued.agentId(), csr())).chain()).isEqualTo(issued.chain());
    }

    @Test
    void signsResourcesAndDerivesTheSameSecretEachTime() throws CertificateException {
        deploy(fixture.custody);
        X509Certificate ca = (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(get(custody.trust()).getFirst().getBytes()));
        Buffer statement = Buffer.buffer("statement");
        Buffer signature = get(custody.signResource(statement));
        assertThat(Signatures.resourceMatches(ca, statement, signature)).isTrue();
        assertThat(Signatures.resourceMatches(ca, Buffer.buffer("other"), signature)).isFalse();
        assertThat(reason(custody.signResource(Buffer.buffer()))).isEqualTo(Reason.BAD_REQUEST);
        Buffer secret = get(custody.derive("affinity"));
        assertThat(secret.length()).isEqualTo(32);
        assertThat(get(fixture.custody.derive("affinity"))).isEqualTo(secret);
        assertThat(get(custody.derive("other"))).isNotEqualTo(secret);
        assertThat(reason(custody.derive("NOT ONE"))).isEqualTo(Reason.BAD_REQUEST);
    }

    @Test
    void refusalsKeepTheirReason() {
        deploy(fixture.custody);
        assertThat(reason(custody.enrol(new Custody.Enrolment("ght_unknown", csr(), "a", ""))))
                .isEqualTo(Reason.UNKNOWN_TOKEN);
        assertThat(reason(custody.renew(UUID.randomUUID(), csr()))).isEqualTo(Reason.UNKNOWN_AGENT);
        assertThat(reason(custody.renew(UUID.randomUUID(), Buffer.buffer("garbage"))))
                .isEqualTo(Reason.BAD_REQUEST);
    }

    @Test
    void messagesThatCannotBeReadAreBadRequests() {
        deploy(fixture.custody);
        for (JsonObject message : List.of(
                new JsonObject(),
                new JsonObject().put("do", "steal"),
                new JsonObject().put("do", 7),
                new JsonObject().put("do", "enrol"),
                new JsonObject().put("do", "renew").put("agentId", "x").put("csr", "AAAA"),
                new JsonObject()
                        .put("do", "renew")
                        .put("agentId", UUID.randomUUID().toString())
                        .put("csr", "%"))) {
            Throwable failure = failure(fixture.database.vertx.eventBus().request(Addresses.CUSTODY, message));
            assertThat(((ReplyException) failure).failureCode()).isEqualTo(Reason.BAD_REQUEST.number());
        }
    }

    @Test
    void withoutAnAnswerItIsUnavailable() {
        assertThat(reason(custody.trust())).as("nobody there").isEqualTo(Reason.UNAVAILABLE);
        deploy(new Silent());
        Custody impatient = new BusCustody(fixture.database.vertx, Duration.ofMillis(200));
        assertThat(reason(impatient.trust())).as("no answer in time").isEqualTo(Reason.UNAVAILABLE);
    }

    @Test
    void tooManyAtOnceAreRefusedAtOnce() {
        Silent silent = new Silent();
        deploy(silent);
        List<Future<List<Buffer>>> all = new ArrayList<>();
        for (int i = 0; i < CustodyEndpoint.MAX_AT_ONCE; i++) {
            all.add(custody.trust());
        }
        assertThat(failure(custody.trust())).hasMessage("custody is busy; try again");
        silent.answer.complete(List.of());
        get(Future.all(all));
        assertThat(get(custody.trust())).isEmpty();
    }

    private void deploy(Custody behind) {
        deployment = get(fixture.database.vertx.deployVerticle(new CustodyEndpoint(behind)));
    }

    /** Does not answer until it is told to. */
    private static final class Silent implements Custody {

        final Promise<List<Buffer>> answer = Promise.promise();

        @Override
        public Future<Issued> enrol(Enrolment enrolment) {
            return Promise.<Issued>promise().future();
        }

        @Override
        public Future<Issued> renew(UUID agentId, Buffer csr) {
            return Promise.<Issued>promise().future();
        }

        @Override
        public Future<Issued> renewExpired(ExpiredRenewal renewal, String remote) {
            return Promise.<Issued>promise().future();
        }

        @Override
        public Future<IssuedNode> issueNode(NodeRequest request) {
            return Promise.<IssuedNode>promise().future();
        }

        @Override
        public Future<Buffer> signResource(Buffer statement) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Future<Buffer> derive(String purpose) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Future<List<Buffer>> trust() {
            return answer.future();
        }
    }
}
