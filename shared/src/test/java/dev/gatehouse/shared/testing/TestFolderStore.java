package dev.gatehouse.shared.testing;

import dev.gatehouse.shared.store.ObjectStore;
import dev.gatehouse.shared.store.StoreException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/** An object store in a folder, without any of the promises of the real one: for tests that need no store of their own. */
final class TestFolderStore implements ObjectStore {

    private final Vertx vertx;
    private final Path folder;

    TestFolderStore(Vertx vertx, Path folder) {
        this.vertx = vertx;
        this.folder = folder;
    }

    @Override
    public Future<Void> put(String key, List<Buffer> parts) {
        return run(() -> {
            Buffer whole = Buffer.buffer();
            parts.forEach(whole::appendBuffer);
            Files.createDirectories(folder.resolve(key).getParent());
            Files.write(folder.resolve(key), whole.getBytes());
            return null;
        });
    }

    @Override
    public Future<Buffer> read(String key, long offset, int length) {
        return run(() -> {
            try {
                byte[] all = Files.readAllBytes(folder.resolve(key));
                return Buffer.buffer(java.util.Arrays.copyOfRange(all, (int) offset, (int) offset + length));
            } catch (NoSuchFileException e) {
                throw new StoreException.Missing(key);
            }
        });
    }

    @Override
    public Future<Void> delete(String key) {
        return run(() -> {
            Files.deleteIfExists(folder.resolve(key));
            return null;
        });
    }

    @Override
    public Future<Void> move(String from, String to) {
        return run(() -> {
            Files.createDirectories(folder.resolve(to).getParent());
            Files.move(folder.resolve(from), folder.resolve(to), StandardCopyOption.ATOMIC_MOVE);
            return null;
        });
    }

    @Override
    public Future<List<Entry>> list(String prefix, String after, int limit) {
        return run(() -> {
            try (Stream<Path> files = Files.walk(folder)) {
                return files.filter(Files::isRegularFile)
                        .map(file -> folder.relativize(file).toString())
                        .filter(key -> key.startsWith(prefix) && key.compareTo(after) > 0)
                        .sorted()
                        .limit(limit)
                        .map(this::entry)
                        .toList();
            }
        });
    }

    @Override
    public Future<Void> check() {
        return Future.succeededFuture();
    }

    @Override
    public void close() {}

    private Entry entry(String key) {
        try {
            Path file = folder.resolve(key);
            return new Entry(
                    key, Files.size(file), Files.getLastModifiedTime(file).toInstant());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private <T> Future<T> run(Callable<T> work) {
        return vertx.executeBlocking(work, false);
    }
}
