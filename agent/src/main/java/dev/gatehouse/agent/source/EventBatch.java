package dev.gatehouse.agent.source;

import dev.gatehouse.agent.spool.Checkpoint;
import dev.gatehouse.protocol.message.Event;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Events that wait to become a chunk, each with the place it came from, so that any first part of them can be stored with the checkpoints that belong to it. Confined to its writer. */
final class EventBatch {

    private record Entry(int end, long time, Place place, long position) {}

    private final Bytes plain = new Bytes();
    private final List<Entry> entries = new ArrayList<>();

    /** Without copying what it holds. */
    private static final class Bytes extends ByteArrayOutputStream {
        byte[] array() {
            return buf;
        }
    }

    void add(Event event, Place place, long position) {
        try {
            event.writeDelimitedTo(plain);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        entries.add(new Entry(plain.size(), event.getTime(), place, position));
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    int count() {
        return entries.size();
    }

    int bytes() {
        return plain.size();
    }

    byte[] array() {
        return plain.array();
    }

    /** Where the record {@code index} begins. */
    int start(int index) {
        return index == 0 ? 0 : entries.get(index - 1).end();
    }

    long firstTime(int count) {
        return entries.subList(0, count).stream().mapToLong(Entry::time).min().orElseThrow();
    }

    long lastTime(int count) {
        return entries.subList(0, count).stream().mapToLong(Entry::time).max().orElseThrow();
    }

    /** What holds when the first {@code count} records are stored. */
    List<Checkpoint> checkpoints(int count) {
        Map<Place, Long> last = new LinkedHashMap<>();
        for (Entry entry : entries.subList(0, count)) {
            if (entry.place() != null) {
                last.remove(entry.place()); // keeps the order of the last ones: a rotated file has the key of the one
                // before
                last.put(entry.place(), entry.position());
            }
        }
        List<Checkpoint> checkpoints = new ArrayList<>();
        last.forEach((place, position) -> checkpoints.add(place.at(position)));
        return checkpoints;
    }

    /** Forgets the first records: they are stored. */
    void removeFirst(int count) {
        int cut = start(count);
        byte[] rest = Arrays.copyOfRange(plain.array(), cut, plain.size());
        plain.reset();
        plain.writeBytes(rest);
        entries.subList(0, count).clear();
        entries.replaceAll(entry -> new Entry(entry.end() - cut, entry.time(), entry.place(), entry.position()));
    }
}
