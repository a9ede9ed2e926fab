package dev.gatehouse.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.ingest.TestGateway.TestStream;
import dev.gatehouse.ingest.commit.KillPoint;
import dev.gatehouse.protocol.message.StreamKind;
import dev.gatehouse.shared.cluster.Role;
import dev.gatehouse.shared.postgres.PostgresSettings;
import dev.gatehouse.shared.testing.TestNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The same as {@link KillPointsIT} with real processes that really end. */
class KilledProcessIT {

    private static final TestNode test = TestNode.start(Role.INGEST_WORKER);

    private final TestStream stream = TestStream.of(StreamKind.FILE);
    private long acked;

    @AfterAll
    static void close() {
        test.close();
    }

    @Test
    void processesDieInTheMiddleAndNothingIsLostOrDoubled() throws Exception {
        assertThat(run(KillPoint.AFTER_PUT, 2)).isEqualTo(WorkerProcess.KILLED);
        assertThat(run(KillPoint.BEFORE_PROGRESS, 4)).isEqualTo(WorkerProcess.KILLED);
        assertThat(run(KillPoint.BEFORE_COMMIT, 0)).isZero();
        assertThat(acked).isEqualTo(WorkerProcess.CHUNKS);
        new TestSpool(stream, WorkerProcess.CHUNKS, WorkerProcess.SEED, acked)
                .verify(test.node().postgres(), test.node().store());
    }

    /** Until its end; takes note of what it said was acknowledged. */
    private int run(KillPoint fatal, int nth) throws IOException, InterruptedException {
        PostgresSettings database = test.node().settings().postgres();
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        WorkerProcess.class.getName(),
                        database.hosts().getFirst().toString(),
                        database.database(),
                        database.user(),
                        database.password().orElseThrow().value(),
                        test.node().settings().store().folder().toString(),
                        stream.id().toString(),
                        stream.agentId().toString(),
                        Long.toString(acked),
                        fatal.name(),
                        Integer.toString(nth))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader output = process.inputReader()) {
            output.lines()
                    .filter(line -> line.startsWith("acked "))
                    .forEach(line -> acked = Long.parseLong(line.substring("acked ".length())));
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }
}
