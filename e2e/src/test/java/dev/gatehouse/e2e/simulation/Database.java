package dev.gatehouse.e2e.simulation;

import static dev.gatehouse.e2e.simulation.Clock.require;

import dev.gatehouse.ingest.commit.Cut;
import dev.gatehouse.ingest.commit.StreamNext;
import dev.gatehouse.ingest.commit.StreamRows.Registered;
import dev.gatehouse.ingest.commit.StreamRows.Registration;
import dev.gatehouse.ingest.commit.TakenChunk;
import dev.gatehouse.protocol.message.StreamKind;
import dev.gatehouse.protocol.stream.Chunk;
import dev.gatehouse.shared.segment.ChunkFacts;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** What survives everything: streams, chunks, gaps, writers and objects. Each method is one transaction, or one operation of the store, after the statements of {@code CommitRows} and {@code StreamRows}. */
final class Database {

    private static final class Row {
        final UUID agentId;
        final boolean events;
        final Map<Long, Buffer> chunks = new HashMap<>();
        long next;
        long lost;
        boolean closed;

        Row(UUID agentId, boolean events, long first) {
            this.agentId = agentId;
            this.events = events;
            this.next = first;
            this.lost = first;
        }

        OptionalInt lastCrc() {
            Buffer last = chunks.get(next - 1);
            return last == null ? OptionalInt.empty() : OptionalInt.of(Chunk.crc(last));
        }
    }

    /** What a commit came to. */
    sealed interface Outcome {

        record Done(List<StreamNext> streams) implements Outcome {}

        record WriterClosed() implements Outcome {}

        /** For what is in the rows of the stream; nothing was written. */
        record Refused(UUID stream) implements Outcome {}
    }

    private final Map<UUID, Row> streams = new HashMap<>();
    private final Set<UUID> closedWriters = new HashSet<>();
    private final Map<String, Boolean> objects = new HashMap<>(); // whether it has rows
    /** Streams whose rows are refused, for what is in them. */
    final Set<UUID> unwanted = new HashSet<>();

    private final Truth truth;

    Database(Truth truth) {
        this.truth = truth;
    }

    void put(String key) {
        objects.putIfAbsent(key, false);
    }

    /** As the collector of orphans does with a writer that is gone for long. */
    void closeWriter(UUID writer) {
        closedWriters.add(writer);
        objects.entrySet()
                .removeIf(object -> !object.getValue() && object.getKey().startsWith(writer.toString()));
    }

    Outcome commit(UUID writer, List<Cut> group) {
        if (closedWriters.contains(writer)) {
            return new Outcome.WriterClosed();
        }
        Map<UUID, List<TakenChunk>> parts = new LinkedHashMap<>();
        Map<TakenChunk, Cut> cuts = new HashMap<>();
        for (Cut cut : group) {
            for (TakenChunk chunk : cut.chunks()) {
                parts.computeIfAbsent(chunk.streamId(), id -> new ArrayList<>()).add(chunk);
                cuts.put(chunk, cut);
            }
        }
        Optional<UUID> refused =
                parts.keySet().stream().filter(unwanted::contains).findFirst();
        if (refused.isPresent()) {
            return new Outcome.Refused(refused.get());
        }
        List<StreamNext> nexts = new ArrayList<>();
        parts.forEach((id, chunks) -> {
            long first = firstOfLastRun(chunks);
            long upto = chunks.getLast().sequence() + 1;
            Row row = streams.get(id);
            boolean other = row != null && first < row.next && isOther(row, chunks);
            if (row != null && !other && !row.closed && first <= row.next && upto > row.next) {
                chunks.stream()
                        .filter(chunk -> chunk.sequence() >= row.next)
                        .forEach(chunk -> insert(id, row, chunk, cuts.get(chunk)));
                row.next = upto;
                row.closed = chunks.getLast().fin().isPresent();
            }
            nexts.add(new StreamNext(
                    id, row == null ? -1 : row.next, upto, row == null ? OptionalInt.empty() : row.lastCrc(), other));
        });
        return new Outcome.Done(nexts);
    }

    /** Whether the last of the chunks that are below {@code next} is stored with another CRC. */
    private static boolean isOther(Row row, List<TakenChunk> chunks) {
        long last = Math.min(row.next, chunks.getLast().sequence() + 1) - 1;
        Buffer stored = row.chunks.get(last);
        return stored != null
                && chunks.stream()
                        .anyMatch(chunk -> chunk.sequence() == last
                                && chunk.facts().state() == ChunkFacts.State.WHOLE
                                && chunk.facts().crc() != Chunk.crc(stored));
    }

    /** Where the chunks that follow each other without a hole up to the last one begin. */
    private static long firstOfLastRun(List<TakenChunk> chunks) {
        long first = chunks.getFirst().sequence();
        for (int i = 1; i < chunks.size(); i++) {
            long sequence = chunks.get(i).sequence();
            first = sequence == chunks.get(i - 1).sequence() + 1 ? first : sequence;
        }
        return first;
    }

    private void insert(UUID id, Row row, TakenChunk chunk, Cut cut) {
        if (!cut.inline()) {
            require(objects.replace(cut.objectKey(), true) != null, "rows for %s, which is not stored", cut);
        }
        require(
                row.chunks.put(chunk.sequence(), chunk.payload()) == null,
                "chunk %d of stream %s is durable twice",
                chunk.sequence(),
                id);
        truth.durable(row.agentId, id, chunk.payload());
    }

    Optional<UUID> anyStream(RandomGenerator random) {
        return streams.keySet().stream()
                .sorted()
                .skip(random.nextInt(streams.size() + 1))
                .findFirst();
    }

    Map<UUID, Registered> register(List<Registration> registrations) {
        Map<UUID, Registered> found = new LinkedHashMap<>();
        for (Registration asked : registrations) {
            Row row = streams.computeIfAbsent(
                    asked.id(),
                    id -> new Row(
                            asked.agentId(),
                            asked.open().getKind() == StreamKind.EVENTS,
                            asked.open().getFirst()));
            found.put(
                    asked.id(),
                    new Registered(asked.id(), row.agentId, row.events, row.next, row.lastCrc(), row.closed));
        }
        return found;
    }

    void skip(Map<UUID, Long> firsts) {
        firsts.forEach((id, first) -> {
            Row row = streams.get(id);
            if (!row.closed && row.next < first) {
                row.lost += first - row.next;
                row.next = first;
            }
        });
    }

    Optional<Buffer> chunk(UUID stream, long sequence) {
        return Optional.ofNullable(streams.get(stream)).map(row -> row.chunks.get(sequence));
    }

    /** Numbers ascend without holes but for recorded gaps; without loss at an agent there are no gaps. */
    void checkWhole(Set<UUID> losers) {
        streams.forEach((id, row) -> {
            require(
                    row.chunks.size() + row.lost == row.next,
                    "stream %s has %d chunks and %d lost ones below %d",
                    id,
                    row.chunks.size(),
                    row.lost,
                    row.next);
            require(row.lost == 0 || losers.contains(row.agentId), "stream %s has a gap of %d", id, row.lost);
        });
    }
}
