package dev.gatehouse.e2e.local;

import static org.awaitility.Awaitility.await;

import dev.gatehouse.e2e.Tree;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** {@code ./gatehouse up}, or {@code fleet up}, as a process of its own, and the launcher's other commands against it. */
public final class UpProcess implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /** What a command has printed. */
    public record Output(int status, String out) {}

    private final Path home;
    private final int portOffset;
    private final List<String> command;
    private Process process;

    UpProcess(Path home, int portOffset) {
        this(home, portOffset, "up");
    }

    /** @param command what is started, with its own options */
    public UpProcess(Path home, int portOffset, String... command) {
        this.home = home;
        this.portOffset = portOffset;
        this.command = List.of(command);
    }

    /** Returns when it is ready. */
    public void start() throws IOException {
        List<String> words = new ArrayList<>(command);
        words.addAll(List.of("--home", home.toString(), "--port-offset", Integer.toString(portOffset)));
        process = launcher(words.toArray(String[]::new))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        home.resolveSibling("up.out").toFile()))
                .start();
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(() -> {
            if (!process.isAlive()) {
                throw new AssertionError("up ended with " + process.exitValue() + ":\n"
                        + Files.readString(home.resolveSibling("up.out")));
            }
            return Files.exists(home.resolve("ready.json")) && ready().getLong("pid") == process.pid();
        });
    }

    public JsonObject ready() throws IOException {
        return new JsonObject(Files.readString(home.resolve("ready.json")));
    }

    public Path at(String name) {
        return home.resolve(name);
    }

    /** As if the power had gone: nothing is flushed, nobody is told. */
    public void killNine() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Ctrl-C. */
    public int interrupt() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("up did not stop within " + PATIENCE);
        }
        return process.exitValue();
    }

    /** Runs a command of the launcher to its end. */
    public Output run(String... arguments) throws IOException, InterruptedException {
        Path out = Files.createTempFile(home.getParent(), "command", ".out");
        Process running = launcher(arguments)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        if (!running.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            running.destroyForcibly();
            throw new AssertionError(List.of(arguments) + " did not end within " + PATIENCE);
        }
        return new Output(running.exitValue(), Files.readString(out));
    }

    private ProcessBuilder launcher(String... arguments) throws IOException {
        List<String> words =
                new ArrayList<>(List.of(Tree.ROOT.resolve("gatehouse").toString()));
        words.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(words).directory(home.getParent().toFile());
        builder.environment()
                .putAll(Map.of(
                        "GATEHOUSE_NO_BUILD",
                        "1",
                        "XDG_CONFIG_HOME",
                        home.resolveSibling("config").toString()));
        Path password = home.resolve("admin-password");
        if (Files.exists(password)) {
            builder.environment()
                    .put("GATEHOUSE_PASSWORD", Files.readString(password).strip());
        }
        return builder;
    }

    @Override
    public void close() {
        if (process == null) {
            return;
        }
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
