package dev.gatehouse.bench.target;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A new folder that is gone with all that is in it when closed. */
public record TemporaryFolder(Path path) implements AutoCloseable {

    public TemporaryFolder(String prefix) throws BenchException {
        this(create(prefix));
    }

    private static Path create(String prefix) throws BenchException {
        try {
            return Files.createTempDirectory(prefix);
        } catch (IOException e) {
            throw new BenchException("temporary folder", e);
        }
    }

    @Override
    public void close() {
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(path + " not removed", e);
        }
    }
}
