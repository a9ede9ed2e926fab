package dev.gatehouse.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.agent.enrol.EnrolClient;
import dev.gatehouse.agent.enrol.Identity;
import dev.gatehouse.agent.settings.AgentSettings;
import dev.gatehouse.agent.source.tail.TailSettings;
import dev.gatehouse.agent.source.watch.WatchSettings;
import dev.gatehouse.agent.spool.SpoolLimits;
import dev.gatehouse.protocol.message.ErrorCode;
import dev.gatehouse.protocol.message.Event;
import dev.gatehouse.protocol.message.LinkError;
import dev.gatehouse.protocol.message.StreamKind;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole agent against a gateway that does as it is told. */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class AgentIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Vertx vertx = Vertx.vertx();
    private final Deployment deployment = new Deployment(vertx);
    private final FakeGateway gateway = deployment.gateways.getFirst();
    private final List<Agent> running = new ArrayList<>();

    @TempDir
    private Path temp;

    private Path folder;
    private Path logFile;
    private Path watched;

    @BeforeEach
    void folders() throws IOException {
        folder = temp.resolve("agent");
        logFile = temp.resolve("app.log");
        watched = Files.createDirectory(temp.resolve("watched"));
    }

    @AfterEach
    void close() {
        running.forEach(agent -> Deployment.await(agent.close()));
        Deployment.await(vertx.close());
    }

    @Test
    void whatIsWrittenAndDroppedArrivesOnceAndIsInTheLedger() throws Exception {
        // GIVEN an enrolled agent
        Path ledger = temp.resolve("ledger");
        Agent agent = start(Optional.of(ledger));
        // WHEN lines are written and files dropped
        writeLines(0, 1000);
        byte[] photo = random(700_000, 1);
        Files.createDirectory(watched.resolve("sub"));
        Files.write(watched.resolve("sub/photo.jpg"), photo);
        Files.write(watched.resolve("empty.txt"), new byte[0]);
        byte[] text = "all work and no play ".repeat(60_000).getBytes(java.nio.charset.StandardCharsets.UTF_8);
        Files.write(watched.resolve("novel.txt"), text);
        // THEN all of it is there
        awaitLines(1000);
        await().atMost(PATIENCE).until(() -> isWhole("sub/photo.jpg") && isWhole("novel.txt") && isWhole("empty.txt"));
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
                .containsEntry("path", logFile.toString())
                .containsEntry("offset", "0");
        // AND the ledger says so, chunk by chunk
        await().atMost(PATIENCE).until(() -> agent.spool().chunks() == 0);
        assertThat(ledger(ledger)).containsExactlyInAnyOrderElementsOf(storedChunks());
        // AND the hello carried the token's labels
        assertThat(gateway.hellos.getFirst().getLabelsMap()).containsEntry("site", "berlin");
    }

    @Test
    void cutsAndRewindsLoseAndDoubleNothing() throws Exception {
        Path ledger = temp.resolve("ledger");
        start(Optional.of(ledger));
        byte[] content = random(6_000_000, 2);
        Files.write(watched.resolve("big.bin"), content);
        // WHEN links are cut and rewound while all of it is on its way
        for (int i = 0; i < 8; i++) {
            writeLines(i * 100, 100);
            long chunks = chunks();
            await().atMost(PATIENCE).until(() -> chunks() > chunks || isWhole("big.bin"));
            if (i % 2 == 0) {
                gateway.cut();
            } else {
                gateway.rewind();
            }
        }
        // THEN it is there once
        awaitLines(800);
        await().atMost(PATIENCE).until(() -> isWhole("big.bin"));
        assertThat(deployment.stream("big.bin").content()).isEqualTo(content);
        await().atMost(PATIENCE).until(() -> running.getFirst().spool().chunks() == 0);
        assertThat(ledger(ledger)).containsExactlyInAnyOrderElementsOf(storedChunks());
        assertThat(gateway.hellos).hasSizeGreaterThanOrEqualTo(4);
        // each link has a higher counter
        assertThat(gateway.hellos.stream().map(hello -> hello.getCounter()).toList())
                .isSorted()
                .doesNotHaveDuplicates();
    }

    @Test
    void anAgentStartedAgainGoesOnWhereItWas() throws Exception {
        start(Optional.empty());
        writeLines(0, 500);
        Files.write(watched.resolve("a.txt"), random(100_000, 3));
        awaitLines(500);
        await().atMost(PATIENCE).until(() -> isWhole("a.txt"));
        Deployment.await(running.removeFirst().close());
        writeLines(500, 500);
        start(Optional.empty());
        awaitLines(1000);
        Files.write(watched.resolve("b.txt"), random(100, 4));
        await().atMost(PATIENCE).until(() -> !deployment.streams("b.txt").isEmpty() && isWhole("b.txt"));
        assertThat(deployment.streams("a.txt")).hasSize(1);
        assertThat(deployment.streams("log")).hasSize(1);
        assertThat(gateway.hellos.getLast().getRun()).isEqualTo(2);
    }

    @Test
    void aLowerRunGoesAboveTheKnownOne() throws Exception {
        gateway.refusals.add(LinkError.newBuilder()
                .setCode(ErrorCode.STALE_RUN)
                .setKnownRun(41)
                .build());
        start(Optional.empty());
        await().atMost(PATIENCE).until(() -> gateway.hellos.size() >= 2);
        assertThat(gateway.hellos.get(1).getRun()).isEqualTo(42);
        assertThat(Files.readString(folder.resolve("run")).strip()).isEqualTo("42");
    }

    @Test
    void aDuplicateIsSaidAndDoesNotHammer() throws Exception {
        for (int i = 0; i < 5; i++) {
            gateway.refusals.add(
                    LinkError.newBuilder().setCode(ErrorCode.DUPLICATE_IDENTITY).build());
        }
        Agent agent = start(Optional.empty());
        await().atMost(PATIENCE).until(() -> agent.links().problem().contains("copied"));
        await().during(Duration.ofSeconds(2)).atMost(PATIENCE).until(() -> gateway.hellos.size() == 1);
    }

    @Test
    void aForkedStreamGoesOnAsANewOneWithWhatWasNotAcknowledged() throws Exception {
        start(Optional.empty());
        writeLines(0, 10);
        awaitLines(10);
        // GIVEN a gateway that suddenly has other content under the stream's next number
        gateway.holdAcks = true;
        StoredStream first = deployment.stream("log");
        gateway.links
                .getFirst()
                .link
                .context()
                .runOnContext(turn -> gateway.links.getFirst().fork(first));
        writeLines(10, 10);
        gateway.holdAcks = false;
        // THEN the rest is in another stream
        awaitLines(20);
        assertThat(deployment.streams("log")).hasSize(2);
        assertThat(first.events()).hasSize(10);
    }

    @Test
    void aClosedWindowHoldsChunksButNotHeartbeats() throws Exception {
        gateway.window = 0;
        Agent agent = start(Optional.empty());
        writeLines(0, 100);
        await().atMost(PATIENCE)
                .until(() -> gateway.heartbeats.get() >= 2 && agent.spool().chunks() > 0);
        assertThat(chunks()).isZero();
        gateway.window = FakeGateway.WINDOW;
        gateway.links.getFirst().release();
        awaitLines(100);
    }

    @Test
    void theSecondLinkTakesOverAtOnce() throws Exception {
        FakeGateway second = deployment.addGateway("gateway-2");
        Agent agent = start(Optional.empty());
        await().atMost(PATIENCE)
                .until(() -> agent.links().links().stream()
                        .allMatch(link -> link.state().equals("up")));
        assertThat(second.hellos.getFirst().getAvoidList()).containsExactly("gateway-1");
        assertThat(second.hellos.getFirst().getSlot()).isEqualTo(1);
        writeLines(0, 50);
        awaitLines(50);
        gateway.close();
        writeLines(50, 50);
        awaitLines(100);
        await().atMost(PATIENCE).until(() -> agent.links().links().get(1).active());
    }

    @Test
    void aGatewayThatGoesAwayIsLeftForTheOther() throws Exception {
        deployment.addGateway("gateway-2");
        Agent agent = start(Optional.empty());
        await().atMost(PATIENCE)
                .until(() -> agent.links().links().stream()
                        .allMatch(link -> link.state().equals("up")));
        gateway.goAway(60_000);
        writeLines(0, 50);
        awaitLines(50);
        await().atMost(PATIENCE).until(() -> agent.links().links().get(1).active());
        await().during(Duration.ofSeconds(1)).atMost(PATIENCE).until(() -> gateway.links.isEmpty());
    }

    @Test
    void httpsIsTakenWhereNothingElseGetsThrough() throws Exception {
        deployment.addressesReachable = false;
        Agent agent = start(Optional.empty());
        writeLines(0, 50);
        awaitLines(50);
        assertThat(agent.links().links().getFirst().address()).startsWith("https://");
        assertThat(gateway.hellos.getFirst().getCertificate().isEmpty()).isFalse();
    }

    @Test
    void anOldCertificateIsRenewedOverTheLink() throws Exception {
        deployment.certificateAge = Duration.ofDays(5);
        deployment.certificateLeft = Duration.ofDays(2);
        start(Optional.empty());
        await().atMost(PATIENCE).until(() -> !Identity.load(folder).isToBeRenewed(java.time.Instant.now()));
        assertThat(deployment.posts).containsExactly("/enrol");
    }

    @Test
    void anEndedCertificateIsRenewedOnAccess() throws Exception {
        deployment.certificateAge = Duration.ofDays(8);
        deployment.certificateLeft = Duration.ofDays(-1);
        start(Optional.empty());
        writeLines(0, 5);
        awaitLines(5);
        assertThat(deployment.posts).containsExactly("/enrol", "/enrol/renew");
    }

    private Agent start(Optional<Path> ledger) throws Exception {
        if (!Identity.exists(folder)) {
            EnrolClient.enrol(deployment.url(), Deployment.TOKEN, deployment.pin(), "test-agent")
                    .save(folder);
        }
        AgentSettings settings = AgentSettings.DEFAULT
                .withSources(
                        List.of(new TailSettings(List.of(temp + "/*.log"), "")),
                        List.of(new WatchSettings(List.of(watched.toString()), WatchSettings.IGNORED)))
                .withSpool(new SpoolLimits(64 << 20, 0));
        Agent agent = Deployment.await(Agent.start(vertx, folder, settings, ledger));
        running.add(agent);
        return agent;
    }

    private void writeLines(int from, int count) throws IOException {
        StringBuilder lines = new StringBuilder();
        IntStream.range(from, from + count)
                .forEach(i -> lines.append("line ").append(i).append('\n'));
        Files.writeString(logFile, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private void awaitLines(int count) {
        await().atMost(PATIENCE).until(() -> deployment.lines().size() >= count);
        assertThat(deployment.lines())
                .containsExactlyElementsOf(
                        IntStream.range(0, count).mapToObj(i -> "line " + i).toList());
    }

    private boolean isWhole(String name) {
        return deployment.streams(name).stream().anyMatch(StoredStream::isClosed);
    }

    private long chunks() {
        return deployment.streams.values().stream()
                .mapToLong(StoredStream::next)
                .sum();
    }

    private static List<String> ledger(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .map(JsonObject::new)
                .map(line -> line.getString("stream") + " " + line.getLong("sequence") + " " + line.getString("sha256")
                        + " " + line.getLong("bytes"))
                .toList();
    }

    private List<String> storedChunks() {
        List<String> all = new ArrayList<>();
        deployment.streams.forEach((id, stream) -> stream.chunks.forEach(chunk -> all.add(id + " " + chunk.sequence()
                + " " + HexFormat.of().formatHex(sha256(chunk.bytes().getBytes())) + " "
                + chunk.bytes().length())));
        return all;
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] random(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
