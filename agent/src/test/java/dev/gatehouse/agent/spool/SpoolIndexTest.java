package dev.gatehouse.agent.spool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.protocol.message.StreamKind;
import dev.gatehouse.protocol.stream.Chunk;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SpoolIndexTest extends OnCrashDisk {

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

    private int lastRecordAt() {
        Recovery.Result all = Recovery.read(disk.readAll(1), false);
        return all.records().getLast().offset();
    }

    private StreamView view(UUID stream) {
        return index.stream(stream).orElseThrow().view();
    }
}
