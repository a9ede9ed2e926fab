package dev.gatehouse.shared.store;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Objects as files of a folder, on a local disk or NFS; a key is the path below it. The embedded default.
 *
 * <p>An object appears whole or not at all, and for good: it is written beside, fsynced, renamed, and then the folders above it are fsynced, every time and up to the root, because another process may
 * have made or removed them meanwhile. A key cannot be another one's folder ({@code a} and {@code a/b}). Thread-safe, also between processes.
 */
final class FolderStore implements ObjectStore {

    private static final Logger log = LoggerFactory.getLogger(FolderStore.class);

    /** Files being written; in the same file system, so that a rename is possible, and no key begins with a dot. */
    private static final String FRESH = ".fresh";

    /** A fresh file this old belongs to nobody: its writer was killed. */
    private static final Duration ABANDONED = Duration.ofHours(1);

    /** Less room than this fails the {@link #check()}: time to act before writes fail. */
    static final long MIN_FREE_BYTES = 64L << 20;

    /** Buffers are copied to the file in pieces that stay in a core's cache: nearly free, and no use of what the buffer is inside. */
    private static final int PIECE_BYTES = 256 << 10;

    /** Another process may remove an empty folder between its making and the rename into it. */
    private static final int FOLDER_TRIES = 5;

    private final Path root;
    private final Path fresh;
    private final StoreWork work;

    FolderStore(Vertx vertx, StoreSettings settings) {
        this.root = settings.folder().toAbsolutePath().normalize();
        this.fresh = root.resolve(FRESH);
        try {
            Files.createDirectories(fresh);
            syncUp(fresh);
            removeAbandoned();
        } catch (IOException e) {
            throw new StoreException("store folder " + root + " cannot be used: " + reason(e), e);
        }
        this.work = new StoreWork(vertx, "store folder " + root, settings);
    }

    @Override
    public Future<Void> put(String key, List<Buffer> parts) {
        return work.run("put " + key, () -> {
            write(path(key), key, parts);
            return null;
        });
    }

    @Override
    public Future<Buffer> read(String key, long offset, int length) {
        return work.run("read " + key, () -> readRange(path(key), key, offset, length));
    }

    @Override
    public Future<Void> delete(String key) {
        return work.run("delete " + key, () -> {
            Path file = path(key);
            if (Files.deleteIfExists(file)) {
                sync(file.getParent());
                removeEmpty(file.getParent());
            }
            return null;
        });
    }

    @Override
    public Future<Void> move(String from, String to) {
        return work.run("move " + from + " to " + to, () -> {
            Path source = path(from);
            Path target = path(to);
            if (!Files.isRegularFile(source)) {
                throw new StoreException.Missing(from);
            }
            rename(source, target);
            syncUp(target.getParent());
            sync(source.getParent());
            removeEmpty(source.getParent());
            return null;
        });
    }

    @Override
    public Future<List<Entry>> list(String prefix, String after, int limit) {
        return work.run(
                "list " + prefix,
                () -> new FolderListing(root, Keys.checkPart(prefix), Keys.checkPart(after), limit).entries());
    }

    @Override
    public Future<Void> check() {
        return work.run("check", () -> {
            long free = Files.getFileStore(root).getUsableSpace();
            if (free < MIN_FREE_BYTES) {
                throw new StoreException.Full(
                        "store folder " + root + " has " + (free >> 20) + " MiB free; at least "
                                + (MIN_FREE_BYTES >> 20) + " MiB are wanted",
                        null);
            }
            Buffer probe = Buffer.buffer(UUID.randomUUID().toString());
            Path file = fresh.resolve("check-" + probe);
            try {
                write(file, "check", List.of(probe));
                if (!readRange(file, "check", 0, probe.length()).equals(probe)) {
                    throw new StoreException(
                            "store folder " + root + " gives back other bytes than were written", null);
                }
            } finally {
                Files.deleteIfExists(file);
            }
            return null;
        });
    }

    @Override
    public void close() {
        work.close();
    }

    private Path path(String key) {
        return root.resolve(Keys.check(key));
    }

    private void write(Path target, String key, List<Buffer> parts) throws IOException {
        Path file = fresh.resolve(UUID.randomUUID().toString());
        try {
            try (FileChannel channel =
                    FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                byte[] piece = new byte[PIECE_BYTES];
                for (Buffer part : parts) {
                    for (int at = 0; at < part.length(); at += PIECE_BYTES) {
                        int end = Math.min(part.length(), at + PIECE_BYTES);
                        part.getBytes(at, end, piece);
                        ByteBuffer bytes = ByteBuffer.wrap(piece, 0, end - at);
                        while (bytes.hasRemaining()) {
                            channel.write(bytes);
                        }
                    }
                }
                channel.force(true);
            }
            rename(file, target);
            syncUp(target.getParent());
        } catch (ClosedByInterruptException e) {
            throw new InterruptedIOException("interrupted while writing " + key);
        } catch (IOException e) {
            if (isFull(e)) {
                throw new StoreException.Full("store folder " + root + " is full: " + key + " was not written", e);
            }
            throw e;
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private void rename(Path file, Path target) throws IOException {
        for (int tries = 1; ; tries++) {
            Files.createDirectories(target.getParent());
            try {
                Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
                return;
            } catch (NoSuchFileException e) {
                if (tries == FOLDER_TRIES || !Files.exists(file)) {
                    throw e;
                }
            }
        }
    }

    private Buffer readRange(Path file, String key, long offset, int length) throws IOException {
        if (offset < 0 || length < 0) {
            throw new IllegalArgumentException(
                    "offset " + offset + " and length " + length + "; neither may be negative");
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long there = channel.size();
            if (there - offset < length) { // before memory is taken for it
                throw new EOFException(length + " bytes from " + offset + " wanted, the object has " + there);
            }
            ByteBuffer bytes = ByteBuffer.allocate(length);
            while (bytes.hasRemaining()) {
                if (channel.read(bytes, offset + bytes.position()) < 0) {
                    throw new EOFException("the object was cut while it was read");
                }
            }
            return Buffer.buffer(bytes.array());
        } catch (NoSuchFileException e) {
            throw new StoreException.Missing(key);
        }
    }

    /** Makes what was renamed into the folder, and the folder itself, survive a power cut. */
    private void syncUp(Path folder) throws IOException {
        for (Path at = folder; at.startsWith(root); at = at.getParent()) {
            sync(at);
        }
    }

    private static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (NoSuchFileException e) {
            log.debug("{} was removed meanwhile, as empty", folder);
        }
    }

    private void removeEmpty(Path folder) {
        for (Path at = folder; !at.equals(root); at = at.getParent()) {
            try {
                Files.delete(at);
            } catch (DirectoryNotEmptyException | NoSuchFileException e) {
                return;
            } catch (IOException e) {
                log.debug("{} stays, empty: {}", at, e.getMessage());
                return;
            }
        }
    }

    private void removeAbandoned() throws IOException {
        Instant limit = Instant.now().minus(ABANDONED);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(fresh)) {
            for (Path file : files) {
                try {
                    if (Files.readAttributes(file, BasicFileAttributes.class)
                            .lastModifiedTime()
                            .toInstant()
                            .isBefore(limit)) {
                        Files.deleteIfExists(file);
                        log.info("Removed {}, which was never finished", file);
                    }
                } catch (NoSuchFileException e) {
                    log.debug("{} was finished meanwhile", file);
                }
            }
        }
    }

    private static boolean isFull(IOException e) {
        String reason = reason(e);
        return reason.contains("No space left on device") || reason.contains("quota exceeded");
    }

    /** The operating system's words; the JDK gives no code. */
    private static String reason(IOException e) {
        if (e instanceof FileSystemException f && f.getReason() != null) {
            return f.getReason();
        }
        return e.getMessage() != null ? e.getMessage() : e.getClass().getSimpleName();
    }
}
