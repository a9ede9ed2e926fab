package dev.gatehouse.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An agent's process is killed again and again while it captures. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class AgentKillIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int KILLS = 4;

    @TempDir
    private Path temp;

    private AgentRig rig;
    private Deployment deployment;

    @BeforeEach
    void make() throws IOException {
        rig = new AgentRig(temp);
        deployment = rig.deployment;
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void nothingIsLostDoubledOrMissingInTheLedger() throws Exception {
        Path ledger = temp.resolve("ledger");
        rig.enrol();
        Files.writeString(
                rig.folder.resolve("agent.yaml"),
                "sources: [{kind: tail, paths: %s/*.log}, {kind: watch, paths: %s}]".formatted(temp, rig.watched));
        byte[] content = new byte[8_000_000];
        new Random(1).nextBytes(content);
        Files.write(rig.watched.resolve("big.bin"), content);
        int lines = 0;
        for (int round = 0; round <= KILLS; round++) {
            Process agent = rig.startProcess(List.of(), "--ledger", ledger.toString());
            try {
                long before = rig.chunks();
                rig.writeLines(lines, 2000);
                lines += 2000;
                int all = lines;
                if (round < KILLS) {
                    await().atMost(PATIENCE).pollInterval(Duration.ofMillis(1)).until(() -> rig.chunks() > before + 3);
                } else {
                    await().atMost(PATIENCE)
                            .until(() -> deployment.lines().size() >= all
                                    && deployment.streams("big.bin").stream().anyMatch(StoredStream::isClosed)
                                    && ledgerLines(ledger) == rig.chunks());
                }
            } finally {
                agent.destroyForcibly().waitFor();
            }
        }
        assertThat(deployment.lines())
                .isEqualTo(IntStream.range(0, lines).mapToObj(i -> "line " + i).toList());
        assertThat(deployment.stream("big.bin").content()).isEqualTo(content);
        List<String> stored = new ArrayList<>();
        deployment.streams.forEach(
                (id, stream) -> stream.chunks.forEach(chunk -> stored.add(id + " " + chunk.sequence())));
        assertThat(Files.readAllLines(ledger).stream()
                        .map(JsonObject::new)
                        .map(line -> line.getString("stream") + " " + line.getLong("sequence")))
                .containsExactlyInAnyOrderElementsOf(stored);
    }

    private static long ledgerLines(Path ledger) throws IOException {
        return Files.exists(ledger) ? Files.readAllLines(ledger).size() : 0;
    }
}
