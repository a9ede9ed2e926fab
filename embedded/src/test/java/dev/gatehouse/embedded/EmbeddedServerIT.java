package dev.gatehouse.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What all embedded servers have in common: how they start, stop, and survive those who use them. */
class EmbeddedServerIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void startsStopsAndStartsAgainOnItsPort(Kind kind) {
        EmbeddedServer server = kind.start(folder, 0, true);
        try (server) {
            int port = server.port();
            long pid = server.pid();
            assertThat(kind.answers(server)).isTrue();

            server.restart();
            assertThat(kind.answers(server)).isTrue();
            assertThat(server.port()).isEqualTo(port);
            assertThat(server.pid()).isNotEqualTo(pid);

            server.stop();
            assertThat(kind.answers(server)).isFalse();
            assertThat(server.isRunning()).isFalse();
            assertThat(folder.resolve("pid")).doesNotExist();
        }
        try (EmbeddedServer again = kind.start(folder, server.port(), true)) {
            assertThat(again.port()).isEqualTo(server.port());
        }
    }

    @ParameterizedTest
    @EnumSource
    void comesBackAfterSigkill(Kind kind) {
        try (EmbeddedServer server = kind.start(folder, 0, true)) {
            server.kill();
            assertThat(server.isRunning()).isFalse();
            assertThat(kind.answers(server)).isFalse();

            server.restart();
            assertThat(kind.answers(server)).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void doesNothingWhilePaused(Kind kind) {
        try (EmbeddedServer server = kind.start(folder, 0, true)) {
            server.pause();
            assertThat(server.isRunning()).isTrue();
            assertThat(kind.answers(server)).isFalse();

            server.resume();
            await().atMost(LIMIT).until(() -> kind.answers(server));

            server.pause(); // a stop works on a paused one too
        }
    }

    @ParameterizedTest
    @EnumSource
    void endsWhatAKilledJvmHasLeftBehind(Kind kind) throws Exception {
        // GIVEN a server whose user was killed
        Held held = hold(kind, false);
        held.jvm().destroyForcibly().waitFor();
        ProcessHandle leftover = ProcessHandle.of(held.pid()).orElseThrow();
        assertThat(leftover.isAlive()).isTrue();
        // WHEN it is started again on the same folder and the same port
        try (EmbeddedServer server = kind.start(folder, held.port(), true)) {
            // THEN there is one, a new one
            assertThat(LocalProcess.hasEnded(leftover)).isTrue();
            assertThat(server.pid()).isNotEqualTo(held.pid());
            assertThat(kind.answers(server)).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void endsByItselfWhenItsJvmIsKilled(Kind kind) throws Exception {
        Held held = hold(kind, true);
        held.jvm().destroyForcibly().waitFor();
        await().atMost(LIMIT).until(() -> hasEnded(held.pid()));
    }

    @ParameterizedTest
    @EnumSource
    void refusesAFolderThatIsInUse(Kind kind) throws Exception {
        Held held = hold(kind, true);
        try {
            assertThatThrownBy(() -> kind.start(folder, 0, true))
                    .isInstanceOf(EmbeddedException.class)
                    .hasMessageContaining(folder + " is in use");
            assertThat(ProcessHandle.of(held.pid())).isPresent();
        } finally {
            held.jvm().destroyForcibly().waitFor();
        }
        await().atMost(LIMIT).until(() -> hasEnded(held.pid()));
    }

    @ParameterizedTest
    @EnumSource
    void leavesAnotherProgramAloneThatHasTheNumberInThePidFile(Kind kind) throws IOException, InterruptedException {
        // GIVEN a pid that a stranger has by now
        Process stranger = new ProcessBuilder("sleep", "600").start();
        try {
            kind.start(folder, 0, true).close();
            Files.writeString(folder.resolve("pid"), stranger.pid() + "\n");
            if (kind == Kind.POSTGRES) {
                Files.writeString(folder.resolve("data/postmaster.pid"), stranger.pid() + "\n");
            }
            // WHEN it starts
            try (EmbeddedServer server = kind.start(folder, 0, true)) {
                // THEN both run
                assertThat(kind.answers(server)).isTrue();
                assertThat(stranger.isAlive()).isTrue();
            }
        } finally {
            stranger.destroyForcibly().waitFor();
        }
    }

    @ParameterizedTest
    @EnumSource
    void saysWhatTheLogSaysWhenThePortIsTaken(Kind kind) throws IOException {
        try (java.net.ServerSocket taken = new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> kind.start(folder, taken.getLocalPort(), true))
                    .isInstanceOf(EmbeddedException.class)
                    .hasMessageContaining("on port " + taken.getLocalPort())
                    .hasMessageMatching("(?is).*(address already in use|failed to bind).*");
        }
    }

    private static boolean hasEnded(long pid) {
        return ProcessHandle.of(pid).map(LocalProcess::hasEnded).orElse(true);
    }

    private record Held(Process jvm, long pid, int port) {}

    private Held hold(Kind kind, boolean endWithJvm) throws IOException {
        Process jvm = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        HolderMain.class.getName(),
                        kind.name(),
                        folder.toString(),
                        Boolean.toString(endWithJvm))
                .redirectErrorStream(true)
                .start();
        try (BufferedReader output = jvm.inputReader(StandardCharsets.UTF_8)) {
            List<String> lines = new java.util.ArrayList<>();
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                lines.add(line);
                if (line.startsWith("started ")) {
                    long[] numbers = Arrays.stream(line.substring(8).split(" "))
                            .mapToLong(Long::parseLong)
                            .toArray();
                    return new Held(jvm, numbers[0], (int) numbers[1]);
                }
            }
            throw new AssertionError("the holder has not started: " + lines);
        }
    }
}
