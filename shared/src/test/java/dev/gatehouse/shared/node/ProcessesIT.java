package dev.gatehouse.shared.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.shared.cluster.Role;
import dev.gatehouse.shared.postgres.PostgresSettings;
import dev.gatehouse.shared.testing.TestCas;
import dev.gatehouse.shared.testing.TestNode;
import dev.gatehouse.shared.testing.TestServers;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process beside a node of this JVM: frozen, killed, started again under its name. */
class ProcessesIT {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration LIMIT = Duration.ofSeconds(10); // processes that start together hold each other up
    private static final int PORT = TestServers.freePort();
    private final List<Process> started = new ArrayList<>();

    @TempDir
    private Path folder;

    @AfterEach
    void end() {
        for (Process process : started) {
            process.destroyForcibly().onExit().join(); // whoever is connected keeps the database from being dropped
        }
    }

    @Test
    void aFrozenProcessLeavesAndAKilledOneComesBackUnderItsName() throws Exception {
        try (TestNode watcher = TestNode.with(Role.GATEWAY)
                .set("cluster.bindingAddress", "127.0.0.1:" + PORT)
                .set("cluster.heartbeatLimit", LIMIT.toSeconds() + "s")
                .start()) {
            // GIVEN a process that stands still until the others have gone on without it
            Process frozen = start(watcher, "idle", "frozen.log");
            awaitReady("frozen.log");
            signal(frozen, "STOP");
            awaitWorkers(watcher, 0);
            // WHEN it goes on
            signal(frozen, "CONT");
            // THEN it has noticed, and asks to be started anew
            assertThat(frozen.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .as(() -> text("frozen.log"))
                    .isTrue();
            assertThat(frozen.exitValue()).isEqualTo(ServiceMain.SICK);
            assertThat(text("frozen.log")).contains("This node is sick");
            // WHEN one is killed and started again at once under the same name
            Process killed = start(watcher, "idle", "killed.log");
            awaitReady("killed.log");
            killed.destroyForcibly();
            start(watcher, "idle", "again.log");
            // THEN it comes up
            awaitReady("again.log");
            end();
        }
    }

    @Test
    void aFrozenMemberCostsNobodyElseARestart() throws Exception {
        try (TestNode watcher = TestNode.with(Role.GATEWAY)
                .set("cluster.bindingAddress", "127.0.0.1:" + PORT)
                .set("cluster.heartbeatLimit", LIMIT.toSeconds() + "s")
                .start()) {
            List<String> names = List.of("first", "second", "third", "fourth");
            for (String name : names) {
                start(watcher, name, name + ".log");
            }
            names.forEach(name -> awaitReady(name + ".log"));
            awaitWorkers(watcher, names.size());
            // GIVEN one that stands still for several times as long as the others wait for it
            Process frozen = started.getFirst();
            List<Process> others = started.subList(1, started.size());
            signal(frozen, "STOP");
            awaitWorkers(watcher, others.size());
            // THEN the others stay together, however often one dials it
            await().during(LIMIT.multipliedBy(2))
                    .atMost(PATIENCE)
                    .failFast(
                            "one of the others has ended",
                            () -> !others.stream().allMatch(Process::isAlive))
                    .until(() -> workers(watcher) == others.size() && !watcher.sick());
            // WHEN it goes on THEN it alone is started anew
            signal(frozen, "CONT");
            assertThat(frozen.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(frozen.exitValue()).isEqualTo(ServiceMain.SICK);
            assertThat(others).allMatch(Process::isAlive);
            assertThat(workers(watcher)).isEqualTo(others.size());
            assertThat(watcher.sick()).isFalse();
            end();
        }
    }

    private String text(String log) {
        try {
            return Files.readString(folder.resolve(log));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void awaitReady(String log) {
        await().atMost(PATIENCE).until(() -> text(log).contains(" is ready after "));
    }

    private static void awaitWorkers(TestNode watcher, int count) {
        await().atMost(PATIENCE).until(() -> workers(watcher) == count);
    }

    private static int workers(TestNode watcher) {
        return watcher.node().members().with(Role.BACKGROUND_WORKER).size();
    }

    private static void signal(Process process, String signal) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    private Process start(TestNode watcher, String name, String log) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(log).toFile());
        settings(watcher, name)
                .forEach((key, value) -> builder.environment()
                        .put("GATEHOUSE_" + key.toUpperCase(Locale.ROOT).replace('.', '_'), value));
        Process process = builder.start();
        started.add(process);
        return process;
    }

    private static Map<String, String> settings(TestNode watcher, String name) {
        PostgresSettings database = watcher.node().settings().postgres();
        Map<String, String> all = new TreeMap<>(TestCas.ofJvm().settings());
        all.put("node.name", name);
        all.put("cluster.name", watcher.node().settings().cluster().name());
        all.put("cluster.bindingAddress", "127.0.0.1:0");
        all.put("cluster.busAddress", "127.0.0.1:0");
        all.put("cluster.members", "127.0.0.1:" + PORT);
        all.put("cluster.heartbeatLimit", LIMIT.toSeconds() + "s");
        all.put("endpoints.status.bindingAddress", "127.0.0.1:0");
        all.put("redis.address", TestServers.redis().toString());
        all.put("postgres.hosts", database.hosts().getFirst().toString());
        all.put("postgres.database", database.database());
        all.put("postgres.user", database.user());
        all.put("postgres.password", database.password().orElseThrow().value());
        return all;
    }

    /** This JVM's own flags and class path. */
    private static List<String> command() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(
                List.of("-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))));
        command.add(IdleMain.class.getName());
        return command;
    }
}
