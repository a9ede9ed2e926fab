package dev.gatehouse.agent.spool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.protocol.message.StreamKind;
import dev.gatehouse.protocol.stream.Chunk;
import dev.gatehouse.protocol.stream.Codec;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpoolIndexTest {

    private static final SpoolLimits LIMITS = new SpoolLimits(4 << 20, 0);

    private final CrashDisk disk = new CrashDisk();
    private SpoolIndex index = new SpoolIndex(LIMITS);

    @Test
    void keepsWhatWasSyncedAndForgetsATornRecordAtEachOfItsBytes() throws IOException {
        // GIVEN two synced chunks, and a third that was only begun to be written
        UUID stream = open("a", StreamKind.EVENTS);
        index.append(stream, draft(100, false), note("at", 1));
        index.append(stream, draft(100, false), note("at", 2));
        sync();
        index.append(stream, draft(100, false), note("at", 3));
        SpoolIndex.Write torn = index.take().writes().getFirst();
        for (int written = 0; written < torn.bytes().length(); written++) {
            // WHEN it is torn after so many bytes
            CrashDisk crashed = new CrashDisk();
            crashed.write(1, 0, disk.readAll(1));
            crashed.write(1, torn.offset(), torn.bytes().getBuffer(0, written));
            SpoolIndex found = Spool.recover(crashed, LIMITS);
            // THEN the two are there, with the checkpoint of the second
            assertThat(found.stream(stream).orElseThrow().view().synced()).isEqualTo(2);
            assertThat(found.checkpoint("at")).hasValue(Buffer.buffer("2"));
            assertThat(found.lostChunks()).isZero();
            assertThat(crashed.readAll(1).length()).isEqualTo(torn.offset());
        }
    }

    @Test
    void eachFlippedBitCostsAtMostOneRecord() throws IOException {
        // GIVEN a file of small chunks, all synced, with a later mark that says so
        UUID stream = open("a", StreamKind.EVENTS);
        for (int i = 0; i < 5; i++) {
            index.append(stream, draft(20, false), note("at", i));
        }
        sync();
        index.append(stream, draft(20, false), List.of());
        sync();
        int bits = disk.readAll(1).length() * 8;
        int last = lastRecordAt();
        for (int bit = 0; bit < last * 8; bit += 3) {
            // WHEN one bit of it is wrong
            disk.flip(1, bit);
            SpoolIndex found = Spool.recover(disk, LIMITS);
            disk.flip(1, bit);
            // THEN all but one chunk are there, and the damage is seen
            long present = 0;
            SpoolStream recovered = found.stream(stream).orElseThrow();
            for (long i = 0; i < 6; i++) {
                present += recovered.chunks.has(i) ? 1 : 0;
            }
            assertThat(present).isGreaterThanOrEqualTo(5);
            assertThat(recovered.next).isEqualTo(6);
            assertThat(found.lostChunks()).isEqualTo(1);
        }
        assertThat(bits).isPositive();
    }

    @Test
    void whatAKilledProcessLeftUnforcedIsForcedBeforeItIsOffered() throws IOException {
        // GIVEN a chunk that was written and not forced when the process was killed
        UUID stream = open("a", StreamKind.EVENTS);
        index.append(stream, draft(100, false), List.of());
        for (SpoolIndex.Write write : index.take().writes()) {
            disk.write(write.file(), write.offset(), write.bytes());
        }
        assertThat(Spool.recover(disk, LIMITS).stream(stream)
                        .orElseThrow()
                        .view()
                        .synced())
                .isEqualTo(1);
        // WHEN the power goes after the next start
        disk.powerCut(new Random(1));
        // THEN it is there: it may have been sent
        SpoolIndex found = Spool.recover(disk, LIMITS);
        assertThat(found.stream(stream).orElseThrow().view().synced()).isEqualTo(1);
        assertThat(found.lostChunks()).isZero();
    }

    @Test
    void aHoleIsPassedOnceAllBeforeItIsAcknowledged() throws IOException {
        UUID stream = open("a", StreamKind.EVENTS);
        for (int i = 0; i < 4; i++) {
            index.append(stream, draft(20, false), List.of());
        }
        sync();
        index.lose(stream, 2);
        assertThat(view(stream).acked()).isZero();
        index.acked(stream, 2);
        assertThat(view(stream).acked()).isEqualTo(3);
    }

    @Test
    void filesGoOnceAcknowledgedAndWhatTheyAloneSaidIsSaidAgain() throws IOException {
        // GIVEN a stream and a checkpoint from long ago
        UUID quiet = open("quiet", StreamKind.FILE);
        index.append(quiet, draft(10, false), note("old", 7));
        UUID busy = open("busy", StreamKind.EVENTS);
        for (int i = 0; i < 400; i++) {
            // WHEN twenty megabytes have gone through a spool of four
            long next = index.append(busy, draft(50_000, false), List.of());
            sync();
            index.acked(busy, next + 1);
            index.acked(quiet, 1);
            index.saveAcks();
            sync();
        }
        // THEN only a few files are left, and the start after knows all
        assertThat(disk.files()).hasSizeLessThanOrEqualTo(5);
        index = Spool.recover(disk, LIMITS);
        assertThat(index.checkpoint("old")).hasValue(Buffer.buffer("7"));
        assertThat(view(quiet).info().name()).isEqualTo("quiet");
        assertThat(view(quiet).acked()).isEqualTo(1);
        assertThat(view(busy).synced()).isEqualTo(400);
        assertThat(index.append(busy, draft(10, false), List.of())).isEqualTo(400);
    }

    @Test
    void moreCheckpointsThanAFileHoldsDontTurnInCircles() throws IOException {
        for (int i = 0; i < 20_000; i++) {
            index.note(new Checkpoint("watch:/some/folder/file-" + i, Buffer.buffer("x".repeat(40))));
        }
        for (int i = 0; i < 50; i++) {
            sync();
        }
        long total = index.fileTotal();
        for (int i = 0; i < 50; i++) {
            sync();
        }
        assertThat(index.fileTotal()).isEqualTo(total).isLessThan(3 << 20);
        assertThat(Spool.recover(disk, LIMITS).checkpoints("watch:")).hasSize(20_000);
    }

    @Test
    void aForkedStreamIsSentFromItsFirstUnacknowledgedChunkUnderNewNumbers() throws Exception {
        UUID stream = open("a", StreamKind.EVENTS);
        for (int i = 0; i < 3; i++) {
            index.append(stream, draft(20, false), List.of());
        }
        index.append(stream, draft(20, true), List.of());
        sync();
        index.acked(stream, 2);
        UUID other = UUID.randomUUID();
        SpoolStream open = index.stream(stream).orElseThrow();
        Buffer first = disk.read(1, open.chunks.payloadOffset(2), open.chunks.length(2));
        assertThat(index.fork(stream, other, Optional.empty())).isFalse();
        assertThat(index.fork(stream, other, Optional.of(Chunk.decode(first)))).isTrue();
        sync();
        index = Spool.recover(disk, LIMITS);
        SpoolStream found = index.stream(stream).orElseThrow();
        assertThat(found.alias).isEqualTo(new Alias(other, 2, 40, true));
        Buffer spooled = disk.read(1, found.chunks.payloadOffset(3), found.chunks.length(3));
        Chunk sent = Chunk.decode(found.alias.payload(Chunk.decode(spooled), spooled));
        assertThat(sent.sequence()).isEqualTo(1);
        assertThat(sent.contentOffset()).isEqualTo(20);
        assertThat(sent.fin().orElseThrow().count()).isEqualTo(2);
    }

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

    private int lastRecordAt() {
        Recovery.Result all = Recovery.read(disk.readAll(1), false);
        return all.records().getLast().offset();
    }

    private StreamView view(UUID stream) {
        return index.stream(stream).orElseThrow().view();
    }

    private UUID open(String name, StreamKind kind) {
        return index.open(new StreamInfo(UUID.randomUUID(), kind, "", "text/plain", name, 1))
                .info()
                .id();
    }

    private void sync() throws IOException {
        sync(false);
    }

    private void sync(boolean tight) throws IOException {
        index.carryOver(tight);
        SpoolIndex.Batch batch = index.take();
        while (true) {
            try {
                SpoolWriter.writeOnce(disk, batch);
                break;
            } catch (IOException e) {
                assertThat(e).hasMessageContaining("space"); // the same bytes go to the same place again
            }
        }
        index.synced(batch);
        index.deletable().forEach(disk::delete);
    }

    private static List<Checkpoint> note(String key, int value) {
        return List.of(new Checkpoint(key, Buffer.buffer(Integer.toString(value))));
    }

    private static ChunkDraft draft(int length, boolean last) {
        return new ChunkDraft(
                1,
                2,
                3,
                Codec.NONE,
                length,
                false,
                Buffer.buffer(new byte[length]),
                last ? Optional.of(Buffer.buffer(new byte[32])) : Optional.empty());
    }
}
