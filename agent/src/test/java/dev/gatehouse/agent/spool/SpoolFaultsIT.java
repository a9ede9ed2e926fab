package dev.gatehouse.agent.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.buffer.Buffer;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The spool under kill -9, and on a disk that is full. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class SpoolFaultsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    /** Puts chunks for ever, and says each number once it is synced. The child of the test. */
    static final class Writer {
        public static void main(String[] args) throws Exception {
            Spool spool = Spool.open(Path.of(args[0]), new SpoolLimits(64 << 20, 0));
            UUID stream = spool.streams().isEmpty()
                    ? SpoolTest.open(spool)
                    : spool.streams().getFirst().info().id();
            while (true) {
                for (int i = 0; i < 20; i++) {
                    long next = spool.stream(stream).orElseThrow().next();
                    spool.put(stream, SpoolTest.draft(3000, next), SpoolTest.note(next));
                }
                spool.sync();
                System.out.println(spool.stream(stream).orElseThrow().synced());
            }
        }
    }

    @Test
    void whatWasSyncedSurvivesKill9() throws Exception {
        Random random = new Random(1);
        long promised = 0;
        for (int round = 0; round < 5; round++) {
            Process writer = new ProcessBuilder(
                            ProcessHandle.current().info().command().orElseThrow(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            Writer.class.getName(),
                            folder.toString())
                    .redirectErrorStream(true)
                    .start();
            try (BufferedReader said = writer.inputReader()) {
                int lines = 1 + random.nextInt(60);
                for (String line = said.readLine(); line != null && lines > 0; line = said.readLine()) {
                    if (line.matches("\\d+")) {
                        promised = Long.parseLong(line);
                        lines--;
                    }
                }
            } finally {
                writer.destroyForcibly().waitFor();
            }
            try (Spool spool = Spool.open(folder, SpoolLimits.DEFAULT)) {
                StreamView stream = spool.streams().getFirst();
                assertThat(stream.synced()).isGreaterThanOrEqualTo(promised);
                for (long i = 0; i < stream.synced(); i++) {
                    assertThat(spool.read(stream.info().id(), i)).isPresent();
                }
                assertThat(spool.checkpoint("at")).hasValue(Buffer.buffer(Long.toString(stream.synced() - 1)));
                assertThat(spool.state().lostChunks()).isZero();
            }
        }
        assertThat(promised).isPositive();
    }

    @Test
    void aFullDiskIsWaitedOut() throws Exception {
        boolean mounted = mount();
        assertThat(mounted || !"true".equals(System.getenv("CI"))).as("tmpfs").isTrue();
        assumeTrue(mounted, "only root can mount a small tmpfs");
        try (Spool spool = Spool.open(folder.resolve("spool"), new SpoolLimits(64 << 20, 0))) {
            // GIVEN a disk that somebody else fills
            UUID stream = SpoolTest.open(spool);
            spool.put(stream, SpoolTest.draft(1000, 0), List.of());
            spool.sync();
            Path hog = folder.resolve("hog");
            fill(hog);
            // WHEN chunks are put all the same
            Thread source = Thread.ofPlatform().start(() -> {
                try {
                    for (int i = 1; i <= 400; i++) {
                        spool.put(stream, SpoolTest.draft(50_000, i), List.of());
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            await().atMost(PATIENCE).until(() -> !spool.state().problem().isEmpty() && source.isAlive());
            // THEN what was put is written, and makes room again once it is acknowledged, on a disk that stays full
            await().atMost(PATIENCE).until(() -> {
                spool.acked(stream, spool.stream(stream).orElseThrow().synced());
                return spool.stream(stream).orElseThrow().synced() > 1
                        && spool.state().chunks() == 0
                        && spool.state().fileBytes() < 100_000;
            });
            assertThat(source.isAlive()).isTrue();
            // AND all goes on when there is space again
            Files.delete(hog);
            await().atMost(PATIENCE).until(() -> {
                spool.acked(stream, spool.stream(stream).orElseThrow().synced());
                return !source.isAlive() && spool.stream(stream).orElseThrow().synced() == 401;
            });
            await().atMost(PATIENCE).until(() -> spool.state().problem().isEmpty());
        } finally {
            run("umount", folder.toString());
        }
    }

    private boolean mount() throws IOException, InterruptedException {
        return Files.getOwner(folder).getName().equals("root")
                && run("mount", "-t", "tmpfs", "-o", "size=24m", "gatehouse-test", folder.toString()) == 0;
    }

    private static void fill(Path hog) {
        List<IOException> full = new ArrayList<>();
        try (var out = Files.newOutputStream(hog)) {
            byte[] zeros = new byte[4096];
            while (true) {
                out.write(zeros);
            }
        } catch (IOException e) {
            full.add(e);
        }
        assertThat(full).hasSize(1);
    }

    private static int run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int status = process.waitFor();
        assertThat(output.length()).isLessThan(10_000);
        return status;
    }
}
