package dev.gatehouse.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedRedisIT {

    @TempDir
    Path folder;

    @Test
    void forgetsEverythingAndWantsThePassword() {
        try (EmbeddedRedis redis =
                EmbeddedRedis.start(EmbeddedRedis.Options.in(folder).password("pass-word"))) {
            assertThat(ask(redis, "PING")).startsWith("-NOAUTH");
            assertThat(ask(redis, "AUTH pass-word", "SET key value")).isEqualTo("+OK");
            assertThat(ask(redis, "AUTH pass-word", "EXISTS key")).isEqualTo(":1");
            redis.restart();
            assertThat(ask(redis, "AUTH pass-word", "EXISTS key")).isEqualTo(":0");
        }
        assertThat(folder.resolve("dump.rdb")).doesNotExist();
        assertThat(folder.resolve("redis.conf")).content().contains("requirepass");
    }

    @Test
    void isBounded() {
        EmbeddedRedis.Options options = EmbeddedRedis.Options.in(folder).maxMemoryBytes(1 << 20);
        try (EmbeddedRedis redis = EmbeddedRedis.start(options)) {
            String value = "x".repeat(32 << 10);
            assertThat(IntStream.range(0, 64).mapToObj(i -> ask(redis, "SET key" + i + " " + value)))
                    .contains("+OK")
                    .anyMatch(answer -> answer.startsWith("-OOM"));
        }
        assertThatThrownBy(() -> options.password("a b")).isInstanceOf(EmbeddedException.class);
    }

    /** The first line that answers the last command. */
    private static String ask(EmbeddedRedis redis, String... commands) {
        try (Socket socket = new Socket(redis.host(), redis.port())) {
            socket.setSoTimeout(30_000);
            String answer = "";
            for (String command : commands) {
                socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.UTF_8));
                StringBuilder line = new StringBuilder();
                for (int c = socket.getInputStream().read();
                        c != '\n';
                        c = socket.getInputStream().read()) {
                    line.append((char) c);
                }
                answer = line.toString().strip();
            }
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
