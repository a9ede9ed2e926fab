package dev.gatehouse.e2e.balancer;

import dev.gatehouse.e2e.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A balancer in the foreground, as nobody, with one of the tree's own files in which places are changed. */
final class BalancerProcess implements AutoCloseable {

    private static final long LIMIT_SECONDS = 30;
    private static final List<String> AS_NOBODY =
            List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--no-new-privs");

    private final Process process;
    private final Path own;
    private final Path output;

    private BalancerProcess(Process process, Path own, Path output) {
        this.process = process;
        this.own = own;
        this.output = output;
    }

    /**
     * @param changes texts of the file and what is there instead; each must be in it
     * @param command in which {@code CONFIG} stands for the changed file and {@code FOLDER} for a folder to write to
     */
    static BalancerProcess start(Path folder, String file, Map<String, String> changes, String... command)
            throws IOException {
        String config = Files.readString(Tree.ROOT.resolve(file));
        for (Map.Entry<String, String> change : changes.entrySet()) {
            if (!config.contains(change.getKey())) {
                throw new AssertionError(file + " has no '" + change.getKey() + "'");
            }
            config = config.replace(change.getKey(), change.getValue());
        }
        Path own = Files.createTempDirectory(Path.of("/tmp"), "gatehouse-balancer");
        Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rwxrwxrwx"));
        Path changed = Files.writeString(own.resolve("balancer.conf"), config.replace("FOLDER", own.toString()));
        Path output = folder.resolve("balancer.out");
        List<String> all = new ArrayList<>("root".equals(System.getProperty("user.name")) ? AS_NOBODY : List.of());
        for (String word : command) {
            all.add(word.replace("CONFIG", changed.toString()).replace("FOLDER", own.toString()));
        }
        return new BalancerProcess(
                new ProcessBuilder(all)
                        .directory(own.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start(),
                own,
                output);
    }

    /** Fails, with what it said, when it has ended. */
    void check() throws IOException {
        if (!process.isAlive()) {
            throw new AssertionError("ended with " + process.exitValue() + ": " + output());
        }
    }

    String output() throws IOException {
        return Files.readString(output);
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        process.onExit()
                .completeOnTimeout(process, LIMIT_SECONDS, TimeUnit.SECONDS)
                .join();
        process.destroyForcibly().onExit().join();
        try (Stream<Path> files = Files.walk(own)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
