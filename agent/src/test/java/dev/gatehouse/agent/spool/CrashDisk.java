package dev.gatehouse.agent.spool;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** A disk in memory that a power cut strips of what was not forced: of that, any 16-byte pieces may or may not be there. Can be told to fail. */
final class CrashDisk implements SpoolDisk {

    private static final int PIECE = 16;

    private record Piece(int offset, Buffer bytes) {}

    private final TreeMap<Integer, byte[]> forced = new TreeMap<>();
    private final TreeMap<Integer, byte[]> live = new TreeMap<>();
    private final Map<Integer, List<Piece>> loose = new HashMap<>();
    int failures;

    @Override
    public SortedSet<Integer> files() {
        return new TreeSet<>(live.keySet());
    }

    @Override
    public Buffer readAll(int file) {
        return Buffer.buffer(live.get(file).clone());
    }

    @Override
    public Buffer read(int file, int offset, int length) throws IOException {
        byte[] bytes = live.get(file);
        if (bytes == null || offset + length > bytes.length) {
            throw new IOException("no such bytes");
        }
        return Buffer.buffer(java.util.Arrays.copyOfRange(bytes, offset, offset + length));
    }

    @Override
    public void write(int file, int offset, Buffer bytes) throws IOException {
        int fits = failures > 0 ? bytes.length() / 2 : bytes.length();
        byte[] part = bytes.getBytes(0, fits);
        live.put(file, put(live.getOrDefault(file, new byte[0]), offset, part));
        for (int at = 0; at < fits; at += PIECE) {
            loose.computeIfAbsent(file, f -> new ArrayList<>())
                    .add(new Piece(offset + at, bytes.getBuffer(at, Math.min(fits, at + PIECE))));
        }
        if (failures > 0) {
            failures--;
            throw new IOException("No space left on device");
        }
    }

    @Override
    public void force(int file) {
        forced.put(file, live.get(file).clone());
        loose.remove(file);
    }

    @Override
    public void truncate(int file, int length) {
        live.put(file, java.util.Arrays.copyOf(live.get(file), length));
        force(file);
    }

    @Override
    public void delete(int file) {
        live.remove(file);
        forced.remove(file);
        loose.remove(file);
    }

    void flip(int file, int bit) {
        live.get(file)[bit / 8] ^= (byte) (1 << bit % 8);
    }

    void powerCut(Random random) {
        live.clear();
        forced.forEach((file, bytes) -> live.put(file, bytes.clone()));
        loose.forEach((file, pieces) -> {
            for (Piece piece : pieces) {
                if (random.nextInt(3) > 0) {
                    live.put(
                            file,
                            put(
                                    live.getOrDefault(file, new byte[0]),
                                    piece.offset(),
                                    piece.bytes().getBytes()));
                }
            }
        });
        loose.clear();
        forced.clear();
        live.forEach((file, bytes) -> forced.put(file, bytes.clone()));
    }

    private static byte[] put(byte[] into, int offset, byte[] bytes) {
        byte[] result = java.util.Arrays.copyOf(into, Math.max(into.length, offset + bytes.length));
        System.arraycopy(bytes, 0, result, offset, bytes.length);
        return result;
    }
}
