package dev.gatehouse.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BinariesTest {

    private static final String ARCHIVE = "postgres-linux-x86_64.txz";

    @TempDir
    Path folder;

    @Test
    void unpacksOnceHoweverManyAskAtTheSameTime() throws Exception {
        Path cache = folder.resolve("cache");
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            Callable<Path> unpack = () -> new Binaries(cache).unpacked("postgres", ARCHIVE);
            List<Future<Path>> all = threads.invokeAll(List.of(unpack, unpack, unpack, unpack));
            for (Future<Path> one : all) {
                assertThat(one.get().resolve("bin/postgres")).isExecutable();
            }
        }
        try (Stream<Path> left = Files.list(cache)) {
            assertThat(left).containsExactly(cache.resolve("postgres"));
        }
    }

    @Test
    void unpacksAgainWhatHasLostAFile() throws IOException {
        Binaries binaries = new Binaries(folder.resolve("cache"));
        Path lost = binaries.unpacked("postgres", ARCHIVE).resolve("bin/initdb");
        Files.delete(lost);
        binaries.unpacked("postgres", ARCHIVE);
        assertThat(lost).isExecutable();
    }

    @Test
    void refusesACacheThatOthersMayWrite() throws IOException {
        Path cache = Files.createDirectory(folder.resolve("cache"));
        Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThatThrownBy(() -> new Binaries(cache).unpacked("postgres", ARCHIVE))
                .isInstanceOf(EmbeddedException.class)
                .hasMessageContaining("may be written by others");
    }

    @Test
    void saysWhatIsMissing() {
        assertThatThrownBy(() -> new Binaries(folder.resolve("cache")).unpacked("x", "nothing.txz"))
                .hasMessageContaining("nothing.txz is not on the class path");
    }
}
