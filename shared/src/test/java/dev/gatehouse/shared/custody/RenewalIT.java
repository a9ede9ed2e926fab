package dev.gatehouse.shared.custody;

import static dev.gatehouse.shared.custody.CustodyFixture.certificate;
import static dev.gatehouse.shared.custody.CustodyFixture.csr;
import static dev.gatehouse.shared.custody.CustodyFixture.reason;
import static dev.gatehouse.shared.trust.TestDatabase.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.protocol.identity.AgentKey;
import dev.gatehouse.protocol.identity.AgentUri;
import dev.gatehouse.protocol.identity.Csr;
import dev.gatehouse.protocol.identity.Pem;
import dev.gatehouse.protocol.identity.Signatures;
import dev.gatehouse.shared.custody.CustodyException.Reason;
import dev.gatehouse.shared.trust.Revocations;
import dev.gatehouse.shared.trust.Topics;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.data.Numeric;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RenewalIT {

    private static CustodyFixture fixture;

    @BeforeAll
    static void start() {
        fixture = new CustodyFixture();
    }

    @AfterAll
    static void stop() {
        fixture.close();
    }

    @Test
    void anAgentGetsAnotherCertificateForAnotherKey() {
        Custody.Issued first = get(fixture.enrol(fixture.token(1), "renews"));
        Custody.Issued second = get(fixture.custody.renew(first.agentId(), csr()));
        assertThat(second.agentId()).isEqualTo(first.agentId());
        assertThat(second.name()).isEqualTo("renews");
        X509Certificate certificate = certificate(second.certificate());
        assertThat(AgentUri.read(certificate)).hasValue(first.agentId());
        assertThat(certificate.getPublicKey())
                .isNotEqualTo(certificate(first.certificate()).getPublicKey());
        assertThat(fixture.database.count("select count(*) from certificate where agent_id = $1", first.agentId()))
                .isEqualTo(2);
    }

    @Test
    void nobodyTakesAnotherAgentsKey() {
        Buffer csr = csr();
        get(fixture.enrol(fixture.token(1), csr, "owner"));
        Custody.Issued other = get(fixture.enrol(fixture.token(1), "thief"));
        assertThat(reason(fixture.custody.renew(other.agentId(), csr))).isEqualTo(Reason.BAD_REQUEST);
        assertThat(reason(fixture.custody.renew(UUID.randomUUID(), csr()))).isEqualTo(Reason.UNKNOWN_AGENT);
    }

    @Test
    void certificatesThatNothingTakesAnyMoreAreForgotten() {
        Custody.Issued agent = get(fixture.enrol(fixture.token(1), "old-timer"));
        fixture.database.query(
                "update certificate set not_after = now() - interval '91 days' where agent_id = $1", agent.agentId());
        get(fixture.custody.renew(agent.agentId(), csr()));
        assertThat(fixture.database.count("select count(*) from certificate where agent_id = $1", agent.agentId()))
                .isOne();
    }

    @Test
    void anExpiredAgentRenewsWithinTheGraceAndNotAfter() {
        AgentKey key = AgentKey.generate();
        Custody.Issued agent = get(fixture.enrol(fixture.token(1), Csr.make(key, "x"), "slept"));
        // GIVEN certificates that ended at both sides of the grace's end
        X509Certificate within = issuedAgo(agent.agentId(), key, CustodyFixture.GRACE.plusDays(6));
        X509Certificate after = issuedAgo(agent.agentId(), key, CustodyFixture.GRACE.plusDays(8));
        // WHEN the agent asks with each
        Buffer csr = csr();
        assertThat(reason(fixture.custody.renewExpired(renewal(after, key, csr), "192.0.2.7")))
                .isEqualTo(Reason.EXPIRED_CERTIFICATE);
        Custody.Issued renewed = get(fixture.custody.renewExpired(renewal(within, key, csr), "192.0.2.7"));
        // THEN the younger gives a certificate that is valid now
        assertThat(renewed.agentId()).isEqualTo(agent.agentId());
        assertThat(certificate(renewed.certificate()).getNotAfter()).isAfter(Instant.now());
        assertThat(fixture.database.count("select count(*) from audit where action = 'agent.renew-expired'"
                        + " and remote = '192.0.2.7'"))
                .isOne();
    }

    @Test
    void aRevokedAgentOrCertificateDoesNotRenew() {
        AgentKey key = AgentKey.generate();
        Custody.Issued agent = get(fixture.enrol(fixture.token(1), Csr.make(key, "x"), "lost"));
        X509Certificate old = certificate(agent.certificate());
        fixture.database.query(
                "update certificate set revoked_at = now() where serial = $1", Numeric.create(old.getSerialNumber()));
        assertThat(reason(fixture.custody.renewExpired(renewal(old, key, csr()), "")))
                .as("this certificate alone")
                .isEqualTo(Reason.REVOKED);
        X509Certificate another = issuedAgo(agent.agentId(), key, Duration.ofDays(10));
        assertThat(get(fixture.agents.revoke(agent.agentId(), "lost on a train", "admin", "")))
                .isTrue();
        assertThat(reason(fixture.custody.renewExpired(renewal(another, key, csr()), "")))
                .as("the agent")
                .isEqualTo(Reason.REVOKED);
        assertThat(reason(fixture.custody.renew(agent.agentId(), csr()))).isEqualTo(Reason.REVOKED);
    }

    @Test
    void revocationsReachThoseWhoFollowThem() {
        Custody.Issued before = get(fixture.enrol(fixture.token(1), "before"));
        Custody.Issued later = get(fixture.enrol(fixture.token(1), "later"));
        get(fixture.agents.revoke(before.agentId(), "", "admin", ""));
        Topics topics = new Topics(fixture.database.vertx, fixture.database.pool);
        Revocations revocations = Revocations.follow(topics, fixture.database.pool);
        Queue<UUID> told = new ConcurrentLinkedQueue<>();
        revocations.onRevoked(told::add);
        try {
            // GIVEN the first view
            get(topics.start());
            assertThat(revocations.isRevoked(before.agentId())).isTrue();
            assertThat(revocations.isRevoked(later.agentId())).isFalse();
            // WHEN another one is revoked, twice
            assertThat(get(fixture.agents.revoke(later.agentId(), "left", "admin", "")))
                    .isTrue();
            assertThat(get(fixture.agents.revoke(later.agentId(), "left", "admin", "")))
                    .isFalse();
            // THEN it is noticed, with its certificate, and told once
            await().atMost(Duration.ofSeconds(30)).until(() -> revocations.isRevoked(later.agentId()));
            assertThat(revocations.isRevoked(certificate(later.certificate()).getSerialNumber()))
                    .isTrue();
            assertThat(told).containsOnlyOnce(later.agentId(), before.agentId());
        } finally {
            get(topics.stop());
        }
        assertThat(reason(fixture.agents.revoke(UUID.randomUUID(), "", "admin", "")))
                .isEqualTo(Reason.UNKNOWN_AGENT);
        assertThat(reason(fixture.agents.revoke(later.agentId(), "x".repeat(501), "admin", "")))
                .isEqualTo(Reason.BAD_REQUEST);
        assertThat(fixture.database.count(
                        "select count(*) from audit where action = 'agent.revoke' and target = $1",
                        later.agentId().toString()))
                .isOne();
    }

    private static X509Certificate issuedAgo(UUID agent, AgentKey key, Duration ago) {
        return fixture.authorities
                .agents()
                .issueAgent(agent, key.publicKey(), Instant.now().minus(ago), Duration.ofDays(7));
    }

    private static ExpiredRenewal renewal(X509Certificate old, AgentKey key, Buffer csr) {
        return new ExpiredRenewal(Buffer.buffer(Pem.der(old)), csr, Signatures.renewal(key, csr));
    }
}
