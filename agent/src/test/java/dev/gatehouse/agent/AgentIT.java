package dev.gatehouse.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.agent.enrol.Identity;
import dev.gatehouse.protocol.message.Event;
import dev.gatehouse.protocol.message.StreamKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole agent against a gateway that does as it is told. */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class AgentIT {

    private static final Duration PATIENCE = AgentRig.PATIENCE;

    @TempDir
    private Path temp;

    private AgentRig rig;
    private Deployment deployment;
    private FakeGateway gateway;

    @BeforeEach
    void make() throws IOException {
        rig = new AgentRig(temp);
        deployment = rig.deployment;
        gateway = rig.gateway;
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void whatIsWrittenAndDroppedArrivesOnceAndIsInTheLedger() throws Exception {
        // GIVEN an enrolled agent
        Path ledger = temp.resolve("ledger");
        Agent agent = rig.start(Optional.of(ledger));
        // WHEN lines are written and files dropped
        rig.writeLines(0, 1000);
        byte[] photo = AgentRig.random(700_000, 1);
        Files.createDirectory(rig.watched.resolve("sub"));
        Files.write(rig.watched.resolve("sub/photo.jpg"), photo);
        Files.write(rig.watched.resolve("empty.txt"), new byte[0]);
        byte[] text = "all work and no play ".repeat(60_000).getBytes(java.nio.charset.StandardCharsets.UTF_8);
        Files.write(rig.watched.resolve("novel.txt"), text);
        // THEN all of it is there
        rig.awaitLines(1000);
        await().atMost(PATIENCE)
                .until(() -> rig.isWhole("sub/photo.jpg") && rig.isWhole("novel.txt") && rig.isWhole("empty.txt"));
        StoredStream stored = deployment.stream("sub/photo.jpg");
        assertThat(stored.content()).isEqualTo(photo);
        assertThat(stored.open.getMediaType()).isEqualTo("image/jpeg");
        assertThat(stored.open.getKind()).isEqualTo(StreamKind.FILE);
        assertThat(stored.chunks.getLast().fin().orElseThrow().sha256().getBytes())
                .isEqualTo(MessageDigest.getInstance("SHA-256").digest(photo));
        assertThat(deployment.stream("novel.txt").content()).isEqualTo(text);
        assertThat(deployment.stream("novel.txt").chunks).hasSizeLessThan(20);
        Event event = deployment.stream("log").events().getFirst();
        assertThat(event.getKind()).isEqualTo("log");
        assertThat(event.getApplication()).isEqualTo("app");
        assertThat(event.getAttributesMap())
                .containsEntry("path", temp.resolve("app.log").toString())
                .containsEntry("offset", "0");
        // AND the ledger says so, chunk by chunk
        await().atMost(PATIENCE).until(() -> agent.spool().chunks() == 0);
        assertThat(AgentRig.ledger(ledger)).containsExactlyInAnyOrderElementsOf(rig.storedChunks());
        // AND the hello carried the token's labels
        assertThat(gateway.hellos.getFirst().getLabelsMap()).containsEntry("site", "berlin");
    }

    @Test
    void cutsAndRewindsLoseAndDoubleNothing() throws Exception {
        Path ledger = temp.resolve("ledger");
        Agent agent = rig.start(Optional.of(ledger));
        byte[] content = AgentRig.random(6_000_000, 2);
        Files.write(rig.watched.resolve("big.bin"), content);
        // WHEN links are cut and rewound while all of it is on its way
        for (int i = 0; i < 8; i++) {
            rig.writeLines(i * 100, 100);
            long chunks = rig.chunks();
            await().atMost(PATIENCE).until(() -> rig.chunks() > chunks || rig.isWhole("big.bin"));
            if (i % 2 == 0) {
                gateway.cut();
            } else {
                gateway.rewind();
            }
        }
        // THEN it is there once
        rig.awaitLines(800);
        await().atMost(PATIENCE).until(() -> rig.isWhole("big.bin"));
        assertThat(deployment.stream("big.bin").content()).isEqualTo(content);
        await().atMost(PATIENCE).until(() -> agent.spool().chunks() == 0);
        assertThat(AgentRig.ledger(ledger)).containsExactlyInAnyOrderElementsOf(rig.storedChunks());
        assertThat(gateway.hellos).hasSizeGreaterThanOrEqualTo(4);
        // each link has a higher counter
        assertThat(gateway.hellos.stream().map(hello -> hello.getCounter()).toList())
                .isSorted()
                .doesNotHaveDuplicates();
    }

    @Test
    void anAgentStartedAgainGoesOnWhereItWas() throws Exception {
        rig.start();
        rig.writeLines(0, 500);
        Files.write(rig.watched.resolve("a.txt"), AgentRig.random(100_000, 3));
        rig.awaitLines(500);
        await().atMost(PATIENCE).until(() -> rig.isWhole("a.txt"));
        rig.stop();
        rig.writeLines(500, 500);
        rig.start();
        rig.awaitLines(1000);
        Files.write(rig.watched.resolve("b.txt"), AgentRig.random(100, 4));
        await().atMost(PATIENCE).until(() -> !deployment.streams("b.txt").isEmpty() && rig.isWhole("b.txt"));
        assertThat(deployment.streams("a.txt")).hasSize(1);
        assertThat(deployment.streams("log")).hasSize(1);
        assertThat(gateway.hellos.getLast().getRun()).isEqualTo(2);
    }

    @Test
    void aForkedStreamGoesOnAsANewOneWithWhatWasNotAcknowledged() throws Exception {
        rig.start();
        rig.writeLines(0, 10);
        rig.awaitLines(10);
        // GIVEN a gateway that suddenly has other content under the stream's next number
        gateway.holdAcks = true;
        StoredStream first = deployment.stream("log");
        gateway.links
                .getFirst()
                .link
                .context()
                .runOnContext(turn -> gateway.links.getFirst().fork(first));
        rig.writeLines(10, 10);
        gateway.holdAcks = false;
        // THEN the rest is in another stream
        rig.awaitLines(20);
        assertThat(deployment.streams("log")).hasSize(2);
        assertThat(first.events()).hasSize(10);
    }

    @Test
    void aClosedWindowHoldsChunksButNotHeartbeats() throws Exception {
        gateway.window = 0;
        Agent agent = rig.start();
        rig.writeLines(0, 100);
        await().atMost(PATIENCE)
                .until(() -> gateway.heartbeats.get() >= 2 && agent.spool().chunks() > 0);
        assertThat(rig.chunks()).isZero();
        gateway.window = FakeGateway.WINDOW;
        gateway.links.getFirst().release();
        rig.awaitLines(100);
    }

    @Test
    void theSecondLinkTakesOverAtOnce() throws Exception {
        FakeGateway second = deployment.addGateway("gateway-2");
        Agent agent = rig.start();
        await().atMost(PATIENCE)
                .until(() -> agent.links().links().stream()
                        .allMatch(link -> link.state().equals("up")));
        assertThat(second.hellos.getFirst().getAvoidList()).containsExactly("gateway-1");
        assertThat(second.hellos.getFirst().getSlot()).isEqualTo(1);
        rig.writeLines(0, 50);
        rig.awaitLines(50);
        gateway.close();
        rig.writeLines(50, 50);
        rig.awaitLines(100);
        await().atMost(PATIENCE).until(() -> agent.links().links().get(1).active());
    }

    @Test
    void aGatewayThatGoesAwayIsLeftForTheOther() throws Exception {
        deployment.addGateway("gateway-2");
        Agent agent = rig.start();
        await().atMost(PATIENCE)
                .until(() -> agent.links().links().stream()
                        .allMatch(link -> link.state().equals("up")));
        gateway.goAway(60_000);
        rig.writeLines(0, 50);
        rig.awaitLines(50);
        await().atMost(PATIENCE).until(() -> agent.links().links().get(1).active());
        await().during(Duration.ofSeconds(1)).atMost(PATIENCE).until(() -> gateway.links.isEmpty());
    }

    @Test
    void httpsIsTakenWhereNothingElseGetsThrough() throws Exception {
        deployment.addressesReachable = false;
        Agent agent = rig.start();
        rig.writeLines(0, 50);
        rig.awaitLines(50);
        assertThat(agent.links().links().getFirst().address()).startsWith("https://");
        assertThat(gateway.hellos.getFirst().getCertificate().isEmpty()).isFalse();
    }

    @Test
    void anOldCertificateIsRenewedOverTheLink() throws Exception {
        deployment.certificateAge = Duration.ofDays(5);
        deployment.certificateLeft = Duration.ofDays(2);
        rig.start();
        await().atMost(PATIENCE).until(() -> !Identity.load(rig.folder).isToBeRenewed(java.time.Instant.now()));
        assertThat(deployment.posts).containsExactly("/enrol");
    }

    @Test
    void anEndedCertificateIsRenewedOnAccess() throws Exception {
        deployment.certificateAge = Duration.ofDays(8);
        deployment.certificateLeft = Duration.ofDays(-1);
        rig.start();
        rig.writeLines(0, 5);
        rig.awaitLines(5);
        assertThat(deployment.posts).containsExactly("/enrol", "/enrol/renew");
    }
}
