package dev.gatehouse.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A file many times longer than the agent's memory and its spool together goes through. With {@code -Dgatehouse.long=true} it has 10 GB. */
@Timeout(value = 40, unit = TimeUnit.MINUTES)
class LongFileIT {

    private static final boolean LONG = Boolean.getBoolean("gatehouse.long");
    private static final int BLOCK = 1 << 20;
    private static final int BLOCKS = LONG ? 10 << 10 : 600;
    private static final Duration PATIENCE = LONG ? Duration.ofMinutes(30) : Duration.ofSeconds(90);

    @TempDir
    private Path temp;

    private AgentRig rig;

    @BeforeEach
    void make() throws IOException {
        rig = new AgentRig(temp);
        rig.deployment.keepsChunks = false;
        rig.gateway.window = 4 << 20;
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void isCapturedWholeInConstantMemory() throws Exception {
        rig.enrol();
        Files.writeString(
                rig.folder.resolve("agent.yaml"),
                "sources: [{kind: watch, paths: %s}]\nspool: {maxBytes: 32MiB}\n".formatted(rig.watched));
        byte[] sha256 = write(rig.watched.resolve("film.mp4"));
        Process agent = rig.startProcess(List.of("-Xmx48m"));
        try {
            await().atMost(PATIENCE).until(() -> rig.isWhole("film.mp4") || !agent.isAlive());
            assertThat(agent.isAlive())
                    .as(Files.readString(temp.resolve("agent.out")))
                    .isTrue();
            StoredStream film = rig.deployment.stream("film.mp4");
            assertThat(film.digest()).isEqualTo(sha256);
            assertThat(film.isWhole(sha256)).isTrue();
        } finally {
            agent.destroy();
            assertThat(agent.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** Content that no packing makes shorter. */
    private static byte[] write(Path file) throws Exception {
        byte[] block = new byte[BLOCK];
        new Random(1).nextBytes(block);
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int i = 0; i < BLOCKS; i++) {
                block[i % BLOCK]++;
                digest.update(block);
                out.write(block);
            }
        }
        return digest.digest();
    }
}
