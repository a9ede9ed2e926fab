package dev.gatehouse.bench.access;

import dev.gatehouse.bench.target.BenchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A command of the launcher as a process of its own, ended when closed. */
final class Child implements AutoCloseable {

    private static final long START_SECONDS = 60;

    private final Process process;
    private final Path output;

    Child(Path output, Map<String, String> environment, String... arguments) throws BenchException {
        this.output = output;
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("gatehouse.root", "."))
                .resolve("gatehouse")
                .toString());
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("GATEHOUSE_NO_BUILD", "1");
        builder.environment().putAll(environment);
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new BenchException(String.join(" ", command), e);
        }
    }

    long pid() {
        return process.pid();
    }

    /** Until it has printed what it should. */
    String await(Predicate<String> said) throws BenchException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (true) {
            String text = text();
            if (said.test(text)) {
                return text;
            }
            if (!process.isAlive() || System.nanoTime() - end > 0) {
                throw new BenchException("it did not become ready:\n" + text);
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    void awaitEnd() throws BenchException, InterruptedException {
        if (!process.waitFor(START_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new BenchException("it failed:\n" + text());
        }
    }

    String text() throws BenchException {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new BenchException(output.toString(), e);
        }
    }

    @Override
    public void close() {
        process.destroy();
    }
}
