package dev.gatehouse.e2e.simulation;

import dev.gatehouse.agent.spool.SpoolDisk;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Log files of which a power cut keeps what was forced, and at random a beginning of the rest, its end perhaps garbled. The death of a process alone keeps everything. */
final class Disk implements SpoolDisk {

    private static final class Content {
        byte[] bytes = new byte[4096];
        int length;
        int forced;
    }

    private final Clock clock;
    private TreeMap<Integer, Content> files = new TreeMap<>();
    private boolean dying;
    private boolean dead;

    Disk(Clock clock) {
        this.clock = clock;
    }

    /** While set, the process dies in the first call that forces something: nothing is written after. */
    void dying(boolean set) {
        dying = set;
        dead = false;
    }

    void powerCut() {
        files.values().removeIf(file -> file.forced == 0 && clock.chance(0.5));
        for (Content file : files.values()) {
            int doubtful = file.length - file.forced;
            if (doubtful > 0) {
                file.length = file.forced + clock.random.nextInt(doubtful + 1);
                for (int i = 0; i < 8 && file.length > file.forced && clock.chance(0.5); i++) {
                    file.bytes[file.forced + clock.random.nextInt(file.length - file.forced)] ^= 0x55;
                }
                file.forced = file.length;
            }
        }
    }

    Map<Integer, byte[]> copy() {
        Map<Integer, byte[]> copy = new TreeMap<>();
        files.forEach((number, file) -> copy.put(number, Arrays.copyOf(file.bytes, file.length)));
        return copy;
    }

    void restore(Map<Integer, byte[]> copy) {
        files = new TreeMap<>();
        copy.forEach((number, bytes) -> {
            Content file = new Content();
            file.bytes = bytes.clone();
            file.length = bytes.length;
            file.forced = bytes.length;
            files.put(number, file);
        });
    }

    @Override
    public SortedSet<Integer> files() {
        return new TreeSet<>(files.keySet());
    }

    @Override
    public Buffer readAll(int file) throws IOException {
        return read(file, 0, files.get(file).length);
    }

    @Override
    public Buffer read(int file, int offset, int length) throws IOException {
        Content content = files.get(file);
        if (content == null || offset + length > content.length) {
            throw new IOException("file " + file + " does not reach to " + (offset + length));
        }
        return Buffer.buffer(Arrays.copyOfRange(content.bytes, offset, offset + length));
    }

    @Override
    public void write(int file, int offset, Buffer bytes) {
        if (dead) {
            return;
        }
        Content content = files.computeIfAbsent(file, number -> new Content());
        Clock.require(offset <= content.length, "spool file %d written at %d, behind its end", file, offset);
        int end = offset + bytes.length();
        if (end > content.bytes.length) {
            content.bytes = Arrays.copyOf(content.bytes, Math.max(end, 2 * content.bytes.length));
        }
        bytes.getBytes(content.bytes, offset);
        content.length = Math.max(content.length, end);
    }

    @Override
    public void force(int file) {
        dead = dying;
        if (!dead && files.containsKey(file)) {
            files.get(file).forced = files.get(file).length;
        }
    }

    @Override
    public void truncate(int file, int length) {
        files.get(file).length = length;
        files.get(file).forced = length;
    }

    @Override
    public void delete(int file) {
        files.remove(file);
    }
}
