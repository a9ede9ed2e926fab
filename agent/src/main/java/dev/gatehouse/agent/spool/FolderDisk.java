package dev.gatehouse.agent.spool;

import io.vertx.core.buffer.Buffer;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Log files {@code 00000001.log} and on in a folder. Its threads are never interrupted: that would close the channels under the others. Thread-safe. */
final class FolderDisk implements SpoolDisk, AutoCloseable {

    private static final Pattern NAME = Pattern.compile("(\\d{8,10})\\.log");

    private final Path folder;
    private final Map<Integer, FileChannel> channels = new ConcurrentHashMap<>();

    FolderDisk(Path folder) {
        this.folder = folder;
    }

    @Override
    public SortedSet<Integer> files() throws IOException {
        SortedSet<Integer> found = new TreeSet<>();
        try (Stream<Path> entries = Files.list(folder)) {
            entries.map(path -> NAME.matcher(path.getFileName().toString()))
                    .filter(Matcher::matches)
                    .forEach(name -> found.add(Integer.parseInt(name.group(1))));
        }
        return found;
    }

    @Override
    public Buffer readAll(int file) throws IOException {
        FileChannel channel = writable(file); // open from now on, for read()
        return read(file, 0, (int) channel.size());
    }

    @Override
    public Buffer read(int file, int offset, int length) throws IOException {
        ByteBuffer into = ByteBuffer.allocate(length);
        FileChannel channel = channels.get(file);
        if (channel == null) {
            throw new NoSuchFileException(path(file).toString(), null, "deleted, as all of it is acknowledged");
        }
        while (into.hasRemaining()) {
            if (channel.read(into, offset + into.position()) < 0) {
                throw new EOFException("log file " + path(file) + " ends before " + (offset + length));
            }
        }
        return Buffer.buffer(into.array());
    }

    @Override
    public void write(int file, int offset, Buffer bytes) throws IOException {
        FileChannel channel = writable(file);
        ByteBuffer from = ByteBuffer.wrap(bytes.getBytes());
        while (from.hasRemaining()) {
            channel.write(from, offset + from.position());
        }
    }

    @Override
    public void force(int file) throws IOException {
        writable(file).force(false);
    }

    @Override
    public void truncate(int file, int length) throws IOException {
        FileChannel channel = writable(file);
        channel.truncate(length);
        channel.force(true);
    }

    @Override
    public void delete(int file) throws IOException {
        FileChannel channel = channels.remove(file);
        if (channel != null) {
            channel.close();
        }
        Files.deleteIfExists(path(file));
    }

    @Override
    public void close() throws IOException {
        for (FileChannel channel : channels.values()) {
            channel.close();
        }
        channels.clear();
    }

    /** Only one thread makes files. */
    private FileChannel writable(int file) throws IOException {
        FileChannel known = channels.get(file);
        if (known != null) {
            return known;
        }
        boolean isNew = !Files.exists(path(file));
        FileChannel opened = FileChannel.open(
                path(file), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        channels.put(file, opened);
        if (isNew) {
            AgentFiles.forceFolder(folder);
        }
        return opened;
    }

    private Path path(int file) {
        return folder.resolve(String.format("%08d.log", file));
    }
}
