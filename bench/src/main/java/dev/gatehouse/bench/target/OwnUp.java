package dev.gatehouse.bench.target;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A Gatehouse of the bench's own: {@code gatehouse up} in a fresh home, as a process, gone with its home when closed. */
public final class OwnUp implements AutoCloseable {

    private static final long START_SECONDS = 120;
    private static final long STOP_SECONDS = 60;

    private final Process process;
    private final TemporaryFolder folder;
    private final Path home;

    private OwnUp(Process process, TemporaryFolder folder) {
        this.process = process;
        this.folder = folder;
        this.home = folder.path();
    }

    /** @param environment settings that {@code up} leaves to it */
    public static OwnUp start(Map<String, String> environment) throws BenchException, InterruptedException {
        try {
            TemporaryFolder folder = new TemporaryFolder("gatehouse-bench");
            Path home = folder.path();
            Path root = Path.of(System.getProperty("gatehouse.root", "."));
            List<String> command = List.of(
                    root.resolve("gatehouse").toString(),
                    "up",
                    "--no-demo",
                    "--home",
                    home.toString(),
                    "--port-offset",
                    Integer.toString(freeOffset()));
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(home.resolve("up.out").toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            OwnUp up = new OwnUp(process, folder);
            Runtime.getRuntime().addShutdownHook(new Thread(up::close, "stop own up"));
            up.awaitReady();
            return up;
        } catch (IOException e) {
            throw new BenchException("own `up`", e);
        }
    }

    public Path home() {
        return home;
    }

    public long pid() {
        return process.pid();
    }

    private void awaitReady() throws BenchException, InterruptedException, IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (!Files.exists(home.resolve("ready.json"))) {
            if (!process.isAlive() || System.nanoTime() - end > 0) {
                String said = Files.readString(home.resolve("up.out"));
                close();
                throw new BenchException("own `up` did not become ready:\n" + said);
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    /** An offset whose first ports are free; the rest of them most likely too. */
    private static int freeOffset() throws IOException {
        for (int offset = 11_000; offset < 20_000; offset += 500) {
            if (free(10_000 + offset) && free(8_443 + offset)) {
                return offset;
            }
        }
        throw new IOException("no free ports between 21000 and 30000");
    }

    private static boolean free(int port) {
        try {
            new ServerSocket(port).close();
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    @Override
    public synchronized void close() {
        if (!Files.exists(home)) {
            return;
        }
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor(STOP_SECONDS, TimeUnit.SECONDS);
            }
            folder.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
