package dev.gatehouse.agent.source.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.agent.source.Spooled;
import dev.gatehouse.agent.spool.ChunkDraft;
import dev.gatehouse.agent.spool.Spool;
import dev.gatehouse.agent.spool.SpoolLimits;
import dev.gatehouse.agent.spool.StreamView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 90, unit = TimeUnit.SECONDS)
class WatchSourceTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path temp;

    private Path watched;
    private Spool spool;
    private WatchSource watch;
    private SpoolLimits limits = new SpoolLimits(64 << 20, 0);

    @BeforeEach
    void folder() throws IOException {
        watched = Files.createDirectory(temp.resolve("watched"));
    }

    @AfterEach
    void stop() {
        if (watch != null) {
            watch.close();
            spool.close();
        }
    }

    @Test
    void aChangedFileIsCapturedAgainAndAnUnchangedOneNotEvenAfterAStart() throws Exception {
        start();
        Path file = watched.resolve("a.txt");
        Files.writeString(file, "one");
        awaitCaptured("a.txt", 1);
        Files.writeString(file, "another");
        awaitCaptured("a.txt", 2);
        stop();
        start();
        Files.writeString(watched.resolve("b.txt"), "b");
        awaitCaptured("b.txt", 1);
        assertThat(Spooled.files(spool, "a.txt").stream()
                        .map(stream ->
                                new String(Spooled.content(spool, stream), java.nio.charset.StandardCharsets.UTF_8)))
                .containsExactly("one", "another");
    }

    @Test
    void capturesWithinASecondOrSoAndLeavesTemporaryNamesAndLinksAlone() throws Exception {
        start();
        Files.writeString(watched.resolve(".hidden"), "x");
        Files.writeString(watched.resolve("unfinished.part"), "x");
        Files.createSymbolicLink(watched.resolve("link"), temp.resolve("elsewhere"));
        Files.createDirectories(watched.resolve("deep/down"));
        long began = System.nanoTime();
        Files.writeString(watched.resolve("deep/down/in.txt"), "x");
        awaitCaptured("deep/down/in.txt", 1);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
        Files.move(watched.resolve("unfinished.part"), watched.resolve("finished"));
        awaitCaptured("finished", 1);
        assertThat(spool.streams()).hasSize(2);
    }

    @Test
    void aStartInTheMiddleGoesOnWhereItWas() throws Exception {
        // GIVEN a spool that is full before the file is in it
        limits = new SpoolLimits(4 << 20, 0);
        byte[] content = random(9_000_000);
        Files.write(watched.resolve("big.zip"), content);
        start();
        await().atMost(PATIENCE).until(() -> spool.state().fileBytes() >= limits.maxBytes());
        StreamView before = Spooled.files(spool, "big.zip").getFirst();
        // WHEN the agent is started again with more room
        stop();
        limits = new SpoolLimits(64 << 20, 0);
        start();
        awaitCaptured("big.zip", 1);
        // THEN the same stream has all of it, once
        StreamView after = Spooled.files(spool, "big.zip").getFirst();
        assertThat(after.info().id()).isEqualTo(before.info().id());
        assertThat(Spooled.content(spool, after)).isEqualTo(content);
        assertThat(hash(after)).isEqualTo(sha256(content));
    }

    @Test
    void aFileChangedBeforeItIsWholeEndsWithoutHashAndIsCapturedAnew() throws Exception {
        limits = new SpoolLimits(4 << 20, 0);
        Path file = watched.resolve("big.zip");
        Files.write(file, random(9_000_000));
        start();
        await().atMost(PATIENCE).until(() -> spool.state().fileBytes() >= limits.maxBytes());
        stop();
        byte[] other = random(5_000_000);
        Files.write(file, other);
        limits = new SpoolLimits(64 << 20, 0);
        start();
        awaitCaptured("big.zip", 2);
        List<StreamView> streams = Spooled.files(spool, "big.zip");
        assertThat(hash(streams.get(0))).isEqualTo(ChunkDraft.NO_HASH.getBytes());
        assertThat(hash(streams.get(1))).isEqualTo(sha256(other));
        assertThat(Spooled.content(spool, streams.get(1))).isEqualTo(other);
    }

    @Test
    void aFileOfWhichOnlyAPartWouldGoOnIsCapturedAgainWholeAlsoWhenItWasDone() throws Exception {
        start();
        byte[] content = random(500_000);
        Files.write(watched.resolve("a.zip"), content);
        awaitCaptured("a.zip", 1);
        // GIVEN that its beginning is acknowledged
        StreamView stream = Spooled.files(spool, "a.zip").getFirst();
        spool.acked(stream.info().id(), 2);
        // WHEN its stream turns out to be another one at the gateway
        spool.fork(stream.info().id(), stream.info().id(), UUID.randomUUID());
        // THEN the part is kept, and the file captured once more
        awaitCaptured("a.zip", 2);
        assertThat(hash(Spooled.files(spool, "a.zip").getFirst())).isEqualTo(ChunkDraft.NO_HASH.getBytes());
        StreamView whole = Spooled.files(spool, "a.zip").getLast();
        assertThat(Spooled.content(spool, whole)).isEqualTo(content);
        assertThat(hash(whole)).isEqualTo(sha256(content));
    }

    @Test
    void aFileForkedInTheMiddleEndsThereAndIsCapturedAgain() throws Exception {
        // GIVEN a spool that is full before the file is in it
        limits = new SpoolLimits(4 << 20, 0);
        byte[] content = random(6_000_000);
        Files.write(watched.resolve("big.zip"), content);
        start();
        await().atMost(PATIENCE).until(() -> spool.state().fileBytes() >= limits.maxBytes());
        UUID stream = Spooled.files(spool, "big.zip").getFirst().info().id();
        spool.acked(stream, 1);
        // WHEN it is forked, and there is room again
        spool.fork(stream, stream, UUID.randomUUID());
        assertThat(spool.stream(stream).orElseThrow().finished()).isTrue();
        stop();
        limits = new SpoolLimits(64 << 20, 0);
        start();
        // THEN another stream has all of it
        awaitCaptured("big.zip", 2);
        assertThat(Spooled.content(spool, Spooled.files(spool, "big.zip").getLast()))
                .isEqualTo(content);
    }

    @Test
    void aForkBeforeAnythingWasAcknowledgedGoesOnWhole() throws Exception {
        start();
        byte[] content = random(500_000);
        Files.write(watched.resolve("a.zip"), content);
        awaitCaptured("a.zip", 1);
        UUID stream = Spooled.files(spool, "a.zip").getFirst().info().id();
        spool.fork(stream, stream, UUID.randomUUID());
        Files.write(watched.resolve("b.zip"), content);
        awaitCaptured("b.zip", 1);
        StreamView same = Spooled.files(spool, "a.zip").getFirst();
        assertThat(same.alias().id()).isNotEqualTo(stream);
        assertThat(hash(same)).isEqualTo(sha256(content));
        assertThat(Spooled.files(spool, "a.zip")).hasSize(1);
    }

    @Test
    void aGrowingFileIsTakenWhenItIsAtRest() throws Exception {
        start();
        Path file = watched.resolve("growing.txt");
        for (int i = 0; i < 10; i++) {
            Files.writeString(file, "part " + i + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            long size = Files.size(file);
            await().pollDelay(Duration.ofMillis(100)).until(() -> Files.size(file) == size);
        }
        await().atMost(PATIENCE)
                .until(() -> Spooled.files(spool, "growing.txt").stream()
                        .anyMatch(stream -> stream.finished() && Spooled.content(spool, stream).length == 70));
    }

    private void start() throws IOException, InterruptedException {
        spool = Spool.open(temp.resolve("spool"), limits);
        WatchSource.endOrphans(spool);
        watch = new WatchSource(new WatchSettings(List.of(watched.toString()), WatchSettings.IGNORED), spool);
        spool.onPart(watch::partOnly);
        watch.start();
    }

    private void awaitCaptured(String name, int times) {
        await().atMost(PATIENCE)
                .until(() -> Spooled.files(spool, name).stream()
                                .filter(stream -> stream.finished() && stream.synced() == stream.next())
                                .count()
                        == times);
    }

    private byte[] hash(StreamView stream) {
        return Spooled.chunks(spool, stream)
                .getLast()
                .fin()
                .orElseThrow()
                .sha256()
                .getBytes();
    }

    private static byte[] sha256(byte[] content) throws Exception {
        return MessageDigest.getInstance("SHA-256").digest(content);
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
