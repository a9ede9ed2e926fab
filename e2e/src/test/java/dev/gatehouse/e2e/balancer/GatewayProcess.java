package dev.gatehouse.e2e.balancer;

import static org.awaitility.Awaitility.await;

import dev.gatehouse.e2e.Tree;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/** {@code gatehouse gateway} as a process of its own, to be killed. */
final class GatewayProcess implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Process process;

    private GatewayProcess(Process process) {
        this.process = process;
    }

    /** Returns when it listens at the address. */
    static GatewayProcess start(Path folder, Map<String, String> settings, InetSocketAddress ready) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(Tree.ROOT.resolve("gatehouse").toString(), "gateway").redirectErrorStream(true);
        builder.environment().put("GATEHOUSE_NO_BUILD", "1");
        builder.environment().put("GATEHOUSE_JVM", "-Xmx256m");
        settings.forEach((key, value) -> builder.environment()
                .put("GATEHOUSE_" + key.toUpperCase(Locale.ROOT).replace('.', '_'), value));
        Path output = folder.resolve("gateway.out");
        Process process = builder.redirectOutput(output.toFile()).start();
        await().atMost(PATIENCE).until(() -> {
            if (!process.isAlive()) {
                throw new AssertionError("ended with " + process.exitValue() + ": " + Files.readString(output));
            }
            try (Socket socket = new Socket()) {
                socket.connect(ready);
                return true;
            } catch (IOException notYet) {
                return false;
            }
        });
        return new GatewayProcess(process);
    }

    /** As kill -9. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    @Override
    public void close() {
        kill();
    }
}
