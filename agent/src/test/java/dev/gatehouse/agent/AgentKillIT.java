package dev.gatehouse.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.agent.command.AgentMain;
import dev.gatehouse.agent.enrol.EnrolClient;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An agent's process is killed again and again while it captures. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class AgentKillIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int KILLS = 4;

    private final Vertx vertx = Vertx.vertx();
    private final Deployment deployment = new Deployment(vertx);

    @TempDir
    private Path temp;

    @AfterEach
    void close() {
        Deployment.await(vertx.close());
    }

    @Test
    void nothingIsLostDoubledOrMissingInTheLedger() throws Exception {
        Path folder = temp.resolve("agent");
        Path watched = Files.createDirectory(temp.resolve("watched"));
        Path log = temp.resolve("app.log");
        Path ledger = temp.resolve("ledger");
        EnrolClient.enrol(deployment.url(), Deployment.TOKEN, deployment.pin(), "victim")
                .save(folder);
        Files.writeString(
                folder.resolve("agent.yaml"),
                "sources: [{kind: tail, paths: %s}, {kind: watch, paths: %s}]".formatted(log, watched));
        byte[] content = new byte[8_000_000];
        new Random(1).nextBytes(content);
        Files.write(watched.resolve("big.bin"), content);
        int lines = 0;
        for (int round = 0; round <= KILLS; round++) {
            Process agent = start(folder, ledger);
            try {
                long before = chunks();
                append(log, lines, lines + 2000);
                lines += 2000;
                int all = lines;
                if (round < KILLS) {
                    await().atMost(PATIENCE).pollInterval(Duration.ofMillis(1)).until(() -> chunks() > before + 3);
                } else {
                    await().atMost(PATIENCE)
                            .until(() -> deployment.lines().size() >= all
                                    && deployment.streams("big.bin").stream().anyMatch(StoredStream::isClosed)
                                    && ledgerLines(ledger) == chunks());
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

    private Process start(Path folder, Path ledger) throws IOException {
        return new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        AgentMain.class.getName(),
                        "run",
                        "--dir",
                        folder.toString(),
                        "--ledger",
                        ledger.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        temp.resolve("agent.out").toFile()))
                .start();
    }

    private long chunks() {
        return deployment.streams.values().stream()
                .mapToLong(StoredStream::next)
                .sum();
    }

    private static long ledgerLines(Path ledger) throws IOException {
        return Files.exists(ledger) ? Files.readAllLines(ledger).size() : 0;
    }

    private static void append(Path file, int from, int to) throws IOException {
        StringBuilder text = new StringBuilder();
        IntStream.range(from, to).forEach(i -> text.append("line ").append(i).append('\n'));
        Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
