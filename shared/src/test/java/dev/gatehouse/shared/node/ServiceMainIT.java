package dev.gatehouse.shared.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.shared.cluster.Role;
import dev.gatehouse.shared.postgres.PostgresSettings;
import dev.gatehouse.shared.settings.Secret;
import dev.gatehouse.shared.store.Stores;
import dev.gatehouse.shared.testing.TestCas;
import dev.gatehouse.shared.testing.TestServers;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ServiceMainIT {

    @TempDir
    private Path folder;

    private record Nothing(Role role) implements Service {

        @Override
        public Future<Void> start(Node node) {
            return Future.succeededFuture();
        }
    }

    @Test
    void wrongUsageIsStatus2() {
        assertThat(execute(new StringWriter(), "--confg", "x")).isEqualTo(2);
        assertThat(execute(new StringWriter(), "--help")).isZero();
    }

    @Test
    void wrongSettingsAreStatus3AndAllOfThemAreTold() throws IOException {
        StringWriter err = new StringWriter();
        Path file = config("postgres: {poolSize: many}", "mial: {host: x}");
        assertThat(execute(err, "--config", file.toString())).isEqualTo(3);
        assertThat(err.toString())
                .contains("settings refused:", "1. mial.host: unknown key", "2. postgres.poolSize: \"many\"");
    }

    @Test
    void whatCannotStartIsStatus1WithTheReason() throws IOException {
        StringWriter err = new StringWriter();
        int nobody = TestServers.freePort();
        Path file = config(
                "cluster: {bindingAddress: '127.0.0.1:0', busAddress: '127.0.0.1:0'}",
                "endpoints: {status: {bindingAddress: '127.0.0.1:0'}}",
                custody(),
                "postgres: {hosts: '127.0.0.1:" + nobody + "', startWait: 300ms}");
        assertThat(execute(err, "--config", file.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("could not start:", "1. ", "PostgreSQL at 127.0.0.1:" + nobody);
    }

    @Test
    void aSignalEndsAProcessInOrder() throws Exception {
        PostgresSettings database = TestServers.newDatabase();
        Path file = config(
                "cluster: {bindingAddress: '127.0.0.1:0', busAddress: '127.0.0.1:0'}",
                "endpoints: {status: {bindingAddress: '127.0.0.1:0'}}",
                custody(),
                "redis: {address: '" + TestServers.redis() + "'}",
                "postgres: {hosts: '" + database.hosts().getFirst() + "', database: " + database.database()
                        + ", user: " + database.user() + ", password: '"
                        + database.password().map(Secret::value).orElseThrow() + "'}");
        Path log = folder.resolve("log");
        Process process = new ProcessBuilder(command(file))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            // GIVEN a process that is ready
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> !process.isAlive() || Files.readString(log).contains(" is ready after "));
            assertThat(process.isAlive()).as(Files.readString(log)).isTrue();
            // WHEN it is told to stop
            process.destroy();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        // THEN it has taken every step, in order, and says that it has left rather than died
        assertThat(process.exitValue()).isZero();
        assertThat(Files.readString(log))
                .containsSubsequence(
                        "say draining",
                        "end idleness",
                        "say gone",
                        "close the store",
                        "close Redis",
                        "close the database pool",
                        "close the status endpoint",
                        "leave the cluster")
                .doesNotContain("WARNING:", database.password().orElseThrow().value());
        TestServers.dropDatabase(database);
    }

    /** This JVM's own flags and class path. */
    private static List<String> command(Path config) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(
                List.of("-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))));
        command.addAll(List.of(IdleMain.class.getName(), "--config", config.toString()));
        return command;
    }

    private static String custody() {
        return "custody: {"
                + TestCas.ofJvm().settings().entrySet().stream()
                        .map(one -> one.getKey().replace("custody.", "") + ": " + one.getValue())
                        .collect(Collectors.joining(", "))
                + "}";
    }

    private Path config(String... lines) throws IOException {
        return Files.writeString(folder.resolve("gatehouse.yaml"), String.join("\n", lines));
    }

    private static int execute(StringWriter err, String... arguments) {
        CommandLine line = ServiceMain.line(Stores::open, new Nothing(Role.BACKGROUND_WORKER));
        return line.setOut(new PrintWriter(new StringWriter()))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }
}
