package dev.gatehouse.agent.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.protocol.message.StreamKind;
import dev.gatehouse.protocol.stream.Chunk;
import dev.gatehouse.protocol.stream.Codec;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class SpoolTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    @Test
    void onlyWhatIsSyncedIsOfferedAndItIsThereAfterAStart() throws Exception {
        UUID stream;
        try (Spool spool = Spool.open(folder, SpoolLimits.DEFAULT)) {
            stream = open(spool);
            for (int i = 0; i < 100; i++) {
                spool.put(stream, draft(1000, i), note(i));
            }
            spool.sync();
            assertThat(spool.lengths(stream, 0, 1000)).hasSize(100);
            spool.acked(stream, 40);
        }
        try (Spool spool = Spool.open(folder, SpoolLimits.DEFAULT)) {
            assertThat(spool.stream(stream).orElseThrow().acked()).isEqualTo(40);
            assertThat(spool.stream(stream).orElseThrow().synced()).isEqualTo(100);
            assertThat(spool.checkpoint("at")).hasValue(Buffer.buffer("99"));
            assertThat(Chunk.decode(spool.read(stream, 77).orElseThrow()).firstTime())
                    .isEqualTo(77);
            assertThat(spool.read(stream, 39)).isEmpty();
        }
    }

    @Test
    void aSecondAgentIsKeptOutOfTheFolder() throws Exception {
        try (Spool spool = Spool.open(folder, SpoolLimits.DEFAULT)) {
            assertThat(spool.state().chunks()).isZero();
            assertThatThrownBy(() -> Spool.open(folder, SpoolLimits.DEFAULT))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("another agent uses " + folder.toAbsolutePath());
        }
    }

    @Test
    void aFullSpoolMakesSourcesWaitUntilThereAreAcknowledgements() throws Exception {
        SpoolLimits limits = new SpoolLimits(4 << 20, 0);
        try (Spool spool = Spool.open(folder, limits)) {
            UUID stream = open(spool);
            AtomicLong put = new AtomicLong();
            Thread source = Thread.ofPlatform().start(() -> {
                try {
                    while (put.get() < 300) {
                        spool.put(stream, draft(50_000, put.get()), List.of());
                        put.incrementAndGet();
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            await().atMost(PATIENCE)
                    .until(() -> source.getState() == Thread.State.WAITING
                            && spool.state().fileBytes() >= 4 << 20);
            // a source that can't wait is refused, and that is seen
            assertThat(spool.offer(stream, draft(10, 0), List.of())).isFalse();
            spool.refused(1, 10);
            assertThat(spool.state().refusedBytes()).isEqualTo(10);
            await().atMost(PATIENCE).until(() -> {
                spool.acked(stream, spool.stream(stream).orElseThrow().synced());
                return !source.isAlive();
            });
            assertThat(put).hasValue(300);
            assertThat(folderBytes()).isLessThan(6 << 20);
        }
    }

    @Test
    void aFlippedBitOnTheDiskIsAGapAndNotWrongData() throws Exception {
        UUID stream;
        try (Spool spool = Spool.open(folder, SpoolLimits.DEFAULT)) {
            stream = open(spool);
            for (int i = 0; i < 10; i++) {
                spool.put(stream, draft(1000, i), List.of());
            }
            spool.sync();
            Path log = folder.resolve("00000001.log");
            byte[] bytes = Files.readAllBytes(log);
            bytes[5000] ^= 4;
            Files.write(log, bytes);
            long lost = -1;
            for (int i = 0; i < 10; i++) {
                if (spool.read(stream, i).isEmpty()) {
                    lost = i;
                }
            }
            assertThat(lost).isBetween(3L, 6L);
            assertThat(spool.lengths(stream, 0, 100)).hasSize((int) lost);
            spool.acked(stream, lost);
            assertThat(spool.stream(stream).orElseThrow().acked()).isEqualTo(lost + 1);
            assertThat(spool.state().lostChunks()).isEqualTo(1);
        }
    }

    @Test
    void filesThatNobodyMayReadButTheOwner() throws Exception {
        Path own = folder.resolve("new");
        Spool.open(own, SpoolLimits.DEFAULT).close();
        assertThat(java.nio.file.attribute.PosixFilePermissions.toString(Files.getPosixFilePermissions(own)))
                .isEqualTo("rwx------");
    }

    private long folderBytes() throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    static UUID open(Spool spool) {
        return spool.openStream(new StreamInfo(UUID.randomUUID(), StreamKind.EVENTS, "", "text/plain", "test", 1))
                .info()
                .id();
    }

    static List<Checkpoint> note(long value) {
        return List.of(new Checkpoint("at", Buffer.buffer(Long.toString(value))));
    }

    static ChunkDraft draft(int length, long time) {
        return new ChunkDraft(
                time, time, 1, Codec.NONE, length, false, Buffer.buffer(new byte[length]), Optional.empty());
    }
}
