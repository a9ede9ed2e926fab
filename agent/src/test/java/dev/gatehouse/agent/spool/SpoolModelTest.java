package dev.gatehouse.agent.spool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.protocol.message.StreamKind;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The index held against a model of what it has promised. */
class SpoolModelTest extends OnCrashDisk {

    /** Random work with power cuts, full disks and acknowledgements, held against a model. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void whatWasSyncedSurvivesEverything(long seed) throws Exception {
        Random random = new Random(seed);
        Map<UUID, TreeMap<Long, Buffer>> synced = new HashMap<>(); // not acknowledged
        Map<UUID, Long> acked = new HashMap<>();
        Map<UUID, Map<Long, Buffer>> pending = new HashMap<>();
        int syncedNote = 0;
        int note = 0;
        for (int step = 0; step < 3000; step++) {
            int dice = random.nextInt(100);
            List<SpoolStream> open =
                    index.streams().stream().filter(s -> !s.finished).toList();
            if (open.isEmpty() || dice < 2) {
                open("s" + step, random.nextBoolean() ? StreamKind.FILE : StreamKind.EVENTS);
            } else if (dice < 60) {
                SpoolStream stream = open.get(random.nextInt(open.size()));
                boolean last = random.nextInt(50) == 0;
                ChunkDraft draft = draft(random.nextInt(3000), last);
                long content = stream.content;
                long sequence = index.append(stream.info.id(), draft, note("note", ++note));
                pending.computeIfAbsent(stream.info.id(), id -> new HashMap<>())
                        .put(sequence, draft.at(sequence, content).encode());
            } else if (dice < 80) {
                disk.failures = random.nextInt(10) == 0 ? 2 : 0;
                sync(random.nextInt(10) == 0);
                pending.forEach((id, chunks) ->
                        synced.computeIfAbsent(id, i -> new TreeMap<>()).putAll(chunks));
                pending.clear();
                syncedNote = note;
            } else if (dice < 96) {
                for (UUID id : List.copyOf(synced.keySet())) {
                    long next = synced.get(id).isEmpty() ? 0 : synced.get(id).lastKey() + 1 - random.nextInt(3);
                    index.acked(id, next);
                    synced.get(id).headMap(next).clear();
                    acked.merge(id, next, Math::max);
                }
                if (random.nextInt(4) == 0) {
                    index.saveAcks();
                }
            } else if (dice < 98) {
                disk.failures = 0;
                if (random.nextBoolean() && index.hasWaiting()) { // cut while writing
                    for (SpoolIndex.Write write : index.take().writes()) {
                        disk.write(write.file(), write.offset(), write.bytes());
                        if (random.nextInt(3) == 0) {
                            break;
                        }
                    }
                }
                disk.powerCut(random);
                index = Spool.recover(disk, LIMITS);
                // what had not been synced may be there all the same: then it counts from now on
                for (SpoolStream stream : index.streams()) {
                    for (long i = stream.acked; i < stream.synced; i++) {
                        long sequence = i;
                        Optional.ofNullable(pending.get(stream.info.id()))
                                .map(chunks -> chunks.get(sequence))
                                .ifPresent(bytes -> synced.computeIfAbsent(stream.info.id(), id -> new TreeMap<>())
                                        .put(sequence, bytes));
                    }
                }
                pending.clear();
                note = index.checkpoint("note")
                        .map(b -> Integer.parseInt(b.toString()))
                        .orElse(0);
                assertThat(note).isGreaterThanOrEqualTo(syncedNote);
                syncedNote = note;
                check(synced);
            }
        }
        assertThat(index.lostChunks()).isZero();
        check(synced);
    }

    private void check(Map<UUID, ? extends Map<Long, Buffer>> synced) throws IOException {
        for (Map.Entry<UUID, ? extends Map<Long, Buffer>> stream : synced.entrySet()) {
            for (Map.Entry<Long, Buffer> chunk : stream.getValue().entrySet()) {
                SpoolStream found = index.stream(stream.getKey()).orElseThrow();
                assertThat(found.chunks.has(chunk.getKey())).isTrue();
                assertThat(disk.read(
                                found.chunks.file(chunk.getKey()),
                                found.chunks.payloadOffset(chunk.getKey()),
                                found.chunks.length(chunk.getKey())))
                        .isEqualTo(chunk.getValue());
            }
        }
    }
}
