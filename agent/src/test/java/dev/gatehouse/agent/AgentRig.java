package dev.gatehouse.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.agent.command.AgentMain;
import dev.gatehouse.agent.enrol.EnrolClient;
import dev.gatehouse.agent.enrol.EnrolException;
import dev.gatehouse.agent.enrol.Identity;
import dev.gatehouse.agent.settings.AgentSettings;
import dev.gatehouse.agent.source.tail.TailSettings;
import dev.gatehouse.agent.source.watch.WatchSettings;
import dev.gatehouse.agent.spool.SpoolLimits;
import dev.gatehouse.agent.status.StatusFile;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/** A whole agent in a folder, with a log that it tails and a folder that it watches, and a small deployment to talk to. */
final class AgentRig implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(30);

    final Vertx vertx = Vertx.vertx();
    final Deployment deployment = new Deployment(vertx);
    final FakeGateway gateway = deployment.gateways.getFirst();
    final Path temp;
    final Path folder;
    final Path watched;
    private final Path logFile;
    long spoolBytes = 64 << 20;
    private final List<Agent> running = new ArrayList<>();

    AgentRig(Path temp) throws IOException {
        this.temp = temp;
        this.folder = temp.resolve("agent");
        this.logFile = temp.resolve("app.log");
        this.watched = Files.createDirectory(temp.resolve("watched"));
    }

    @Override
    public void close() {
        stop();
        Deployment.await(vertx.close());
    }

    void enrol() throws IOException, EnrolException, InterruptedException {
        EnrolClient.enrol(deployment.url(), Deployment.TOKEN, deployment.pin(), "test-agent")
                .save(folder);
    }

    /** Enrols if that has not been done yet. */
    Agent start(Optional<Path> ledger) throws IOException, EnrolException, InterruptedException {
        if (!Identity.exists(folder)) {
            enrol();
        }
        AgentSettings settings = AgentSettings.DEFAULT
                .withSources(
                        List.of(new TailSettings(List.of(temp + "/*.log"), "")),
                        List.of(new WatchSettings(List.of(watched.toString()), WatchSettings.IGNORED)))
                .withSpool(new SpoolLimits(spoolBytes, 0));
        Agent agent = Deployment.await(Agent.start(vertx, folder, settings, ledger));
        running.add(agent);
        return agent;
    }

    Agent start() throws IOException, EnrolException, InterruptedException {
        return start(Optional.empty());
    }

    /** An agent of its own process, which reads {@code agent.yaml} in its folder. */
    Process startProcess(List<String> flags, String... options) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElseThrow());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), AgentMain.class.getName()));
        command.addAll(List.of("run", "--dir", folder.toString()));
        command.addAll(List.of(options));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        temp.resolve("agent.out").toFile()))
                .start();
    }

    void stop() {
        running.forEach(agent -> Deployment.await(agent.close()));
        running.clear();
    }

    /** Copies the agent's folder, or puts a copy of it back. */
    static void replace(Path to, Path from) throws IOException {
        if (Files.exists(to)) {
            Files.walkFileTree(to, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }
            });
        }
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Path copy = to.resolve(from.relativize(file));
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** What {@code agent status} reads. */
    JsonObject status() {
        try {
            return StatusFile.read(folder);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    void writeLines(int from, int count) throws IOException {
        StringBuilder lines = new StringBuilder();
        IntStream.range(from, from + count)
                .forEach(i -> lines.append("line ").append(i).append('\n'));
        Files.writeString(logFile, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** Until exactly the lines up to {@code count} are durable, each once and in order. */
    void awaitLines(int count) {
        await().atMost(PATIENCE).until(() -> deployment.lines().size() >= count);
        assertThat(deployment.lines())
                .containsExactlyElementsOf(
                        IntStream.range(0, count).mapToObj(i -> "line " + i).toList());
    }

    void awaitLinks(Agent agent, int count) {
        await().atMost(PATIENCE)
                .until(() -> agent.links().links().stream()
                                .filter(link -> link.state().equals("up"))
                                .count()
                        == count);
    }

    boolean isWhole(String name) {
        return deployment.streams(name).stream().anyMatch(StoredStream::isClosed);
    }

    void awaitWhole(String name) {
        await().atMost(PATIENCE).until(() -> isWhole(name));
    }

    /** Chunks that are stored. */
    long chunks() {
        return deployment.streams.values().stream()
                .mapToLong(StoredStream::next)
                .sum();
    }

    static List<String> ledger(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .map(JsonObject::new)
                .map(line -> line.getString("stream") + " " + line.getLong("sequence") + " " + line.getString("sha256")
                        + " " + line.getLong("bytes"))
                .toList();
    }

    /** As {@link #ledger} says them. */
    List<String> storedChunks() {
        List<String> all = new ArrayList<>();
        deployment.streams.forEach((id, stream) -> stream.chunks.forEach(chunk -> all.add(id + " " + chunk.sequence()
                + " " + HexFormat.of().formatHex(sha256(chunk.bytes().getBytes())) + " "
                + chunk.bytes().length())));
        return all;
    }

    static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    static byte[] random(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
