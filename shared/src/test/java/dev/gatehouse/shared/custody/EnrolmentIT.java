package dev.gatehouse.shared.custody;

import static dev.gatehouse.shared.custody.CustodyFixture.certificate;
import static dev.gatehouse.shared.custody.CustodyFixture.csr;
import static dev.gatehouse.shared.custody.CustodyFixture.reason;
import static dev.gatehouse.shared.trust.TestDatabase.failure;
import static dev.gatehouse.shared.trust.TestDatabase.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.protocol.identity.AgentUri;
import dev.gatehouse.shared.custody.CustodyException.Reason;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class EnrolmentIT {

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
    void anAgentGetsItsCertificateAndTheTokensLabels() {
        Custody.Issued issued = get(fixture.enrol(fixture.token(1), "office-1"));
        assertThat(issued.name()).isEqualTo("office-1");
        assertThat(issued.labels()).isEqualTo(Map.of("site", "berlin"));
        X509Certificate certificate = certificate(issued.certificate());
        assertThat(AgentUri.read(certificate)).hasValue(issued.agentId());
        assertThat(fixture.authorities.agents().issued(certificate)).isTrue();
        assertThat(certificate(issued.chain().getFirst()))
                .isEqualTo(fixture.authorities.agents().certificate());
        assertThat(certificate(issued.trust().getFirst()))
                .isEqualTo(fixture.authorities.nodes().certificate());
        assertThat(fixture.database.count(
                        "select count(*) from certificate where agent_id = $1 and revoked_at is null",
                        issued.agentId()))
                .isOne();
        assertThat(fixture.database.count(
                        "select count(*) from audit where action = 'agent.enrol' and target = $1"
                                + " and remote = '192.0.2.1'",
                        issued.agentId().toString()))
                .isOne();
    }

    @Test
    void tokensThatAreUnknownUsedOrExpiredAreToldApart() {
        String used = fixture.token(1);
        get(fixture.enrol(used, "first"));
        String expired = get(fixture.tokens.create(5, Duration.ofSeconds(1), Map.of(), "admin", ""))
                .token();
        assertThat(reason(fixture.enrol("ght_no-such-token", "a"))).isEqualTo(Reason.UNKNOWN_TOKEN);
        assertThat(reason(fixture.enrol("", "a"))).isEqualTo(Reason.UNKNOWN_TOKEN);
        assertThat(reason(fixture.enrol("x".repeat(100_000), "a"))).isEqualTo(Reason.UNKNOWN_TOKEN);
        assertThat(reason(fixture.enrol(used, "a"))).isEqualTo(Reason.USED_TOKEN);
        await().atMost(Duration.ofSeconds(30))
                .until(() ->
                        fixture.database.count("select count(*) from join_token where expires_at < clock_timestamp()")
                                == 1);
        assertThat(reason(fixture.enrol(expired, "a"))).isEqualTo(Reason.EXPIRED_TOKEN);
    }

    @Test
    void ofManyThatWantTheLastUseOneGetsIt() {
        String token = fixture.token(3);
        List<Future<Custody.Issued>> all = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            all.add(fixture.enrol(token, "crowd"));
        }
        get(Future.join(all).otherwiseEmpty());
        List<String> names = all.stream()
                .filter(Future::succeeded)
                .map(each -> each.result().name())
                .sorted()
                .toList();
        assertThat(names).containsExactly("crowd", "crowd-2", "crowd-3");
        assertThat(all.stream().filter(Future::failed).map(CustodyFixture::reason))
                .hasSize(21)
                .containsOnly(Reason.USED_TOKEN);
    }

    @Test
    void namesStayUniqueWhoeverAsksForThemAtTheSameTime() {
        List<Future<Custody.Issued>> all = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            String token = fixture.token(4);
            for (int use = 0; use < 4; use++) {
                all.add(fixture.enrol(token, "twin"));
            }
        }
        get(Future.join(all).otherwiseEmpty());
        assertThat(all.stream()
                        .filter(Future::succeeded)
                        .map(each -> each.result().name()))
                .hasSize(24)
                .doesNotHaveDuplicates()
                .contains("twin", "twin-2", "twin-24");
    }

    @Test
    void theSameRequestAgainFindsTheSameAgentAndCostsAUse() {
        String token = fixture.token(2);
        Buffer csr = csr();
        Custody.Issued first = get(fixture.enrol(token, csr, "again"));
        Custody.Issued second = get(fixture.enrol(token, csr, "again"));
        assertThat(second.agentId()).isEqualTo(first.agentId());
        assertThat(second.name()).isEqualTo("again");
        assertThat(reason(fixture.enrol(token, csr, "again"))).isEqualTo(Reason.USED_TOKEN);
    }

    @Test
    void aRequestThatIsNoGoodCostsNoUse() throws Exception {
        String token = fixture.token(1);
        Buffer forged = csr();
        forged.setByte(forged.length() - 1, (byte) (forged.getByte(forged.length() - 1) ^ 1));
        KeyPairGenerator p384 = KeyPairGenerator.getInstance("EC");
        p384.initialize(new ECGenParameterSpec("secp384r1"));
        KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
        rsa.initialize(1024);
        List<Buffer> bad = List.of(
                Buffer.buffer(),
                Buffer.buffer("garbage"),
                Buffer.buffer(new byte[100_000]),
                csr().slice(0, 60),
                forged,
                request(p384, "SHA384withECDSA"),
                request(rsa, "SHA256withRSA"));
        for (Buffer csr : bad) {
            assertThat(reason(fixture.enrol(token, csr, "bad"))).isEqualTo(Reason.BAD_REQUEST);
        }
        for (String name : List.of("", " ", "-x", "a b", "a\nb", "ä", "x".repeat(64), "../../etc")) {
            assertThat(reason(fixture.enrol(token, csr(), name))).isEqualTo(Reason.BAD_REQUEST);
        }
        assertThat(get(fixture.enrol(token, "X".repeat(63))).name()).hasSize(63);
    }

    @Test
    void aTokenWithImpossibleUsesTimeOrLabelsIsNotMade() {
        Duration hour = Duration.ofHours(1);
        assertThat(List.of(
                        fixture.tokens.create(0, hour, Map.of(), "admin", ""),
                        fixture.tokens.create(1_000_001, hour, Map.of(), "admin", ""),
                        fixture.tokens.create(1, Duration.ZERO, Map.of(), "admin", ""),
                        fixture.tokens.create(1, Duration.ofDays(367), Map.of(), "admin", ""),
                        fixture.tokens.create(1, hour, Map.of("", "x"), "admin", ""),
                        fixture.tokens.create(1, hour, Map.of("a", "x\0"), "admin", "")))
                .allSatisfy(refused -> assertThat(reason(refused)).isEqualTo(Reason.BAD_REQUEST));
    }

    @Test
    void tokensAreListedWithoutTheirSecretAndRemoved() {
        JoinTokens.Created created =
                get(fixture.tokens.create(7, Duration.ofHours(1), Map.of("a", "b"), "admin", "::1"));
        JoinTokens.Token listed = get(fixture.tokens.list(100)).stream()
                .filter(token -> token.id().equals(created.id()))
                .findFirst()
                .orElseThrow();
        assertThat(listed.usesLeft()).isEqualTo(7);
        assertThat(listed.labels()).isEqualTo(Map.of("a", "b"));
        assertThat(listed.expiresAt()).isEqualTo(created.expiresAt());
        assertThat(fixture.database.query("select * from join_token").toString())
                .doesNotContain(created.token());
        assertThat(get(fixture.tokens.remove(created.id(), "admin", "::1"))).isTrue();
        assertThat(get(fixture.tokens.remove(created.id(), "admin", "::1"))).isFalse();
        assertThat(reason(fixture.enrol(created.token(), "a"))).isEqualTo(Reason.UNKNOWN_TOKEN);
        assertThat(get(fixture.tokens.remove(UUID.randomUUID(), "admin", "::1")))
                .isFalse();
    }

    @Test
    void withoutTheDatabaseItIsUnavailableAndNothingIsUsed() {
        String token = fixture.token(1);
        fixture.database.away();
        try {
            assertThat(reason(fixture.enrol(token, "a"))).isEqualTo(Reason.UNAVAILABLE);
        } finally {
            fixture.database.back();
        }
        await().atMost(Duration.ofSeconds(30))
                .ignoreExceptions()
                .until(() -> fixture.database.count("select 1::bigint") == 1);
        assertThat(get(fixture.enrol(token, "after-all")).name()).isEqualTo("after-all");
    }

    @Test
    void aRevokedAgentsKeyIsNotTakenAgain() {
        Buffer csr = csr();
        Custody.Issued issued = get(fixture.enrol(fixture.token(1), csr, "stolen"));
        assertThat(get(fixture.agents.revoke(issued.agentId(), "stolen", "admin", "")))
                .isTrue();
        String token = fixture.token(1);
        assertThat(reason(fixture.enrol(token, csr, "stolen"))).isEqualTo(Reason.REVOKED);
        assertThat(get(fixture.enrol(token, "stolen")).name())
                .as("the use was not lost")
                .isEqualTo("stolen-2");
        assertThat(failure(fixture.custody.renew(issued.agentId(), csr()))).hasMessageContaining("is revoked");
    }

    private static Buffer request(KeyPairGenerator generator, String algorithm) throws Exception {
        var pair = generator.generateKeyPair();
        return Buffer.buffer(new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=x"), pair.getPublic())
                .build(new JcaContentSignerBuilder(algorithm).build(pair.getPrivate()))
                .getEncoded());
    }
}
