package dev.gatehouse.agent.spool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.protocol.message.StreamKind;
import dev.gatehouse.protocol.stream.Codec;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** A spool's index over a disk that can lose what was not forced, for tests to drive batch by batch. */
abstract class OnCrashDisk {

    static final SpoolLimits LIMITS = new SpoolLimits(4 << 20, 0);

    final CrashDisk disk = new CrashDisk();
    SpoolIndex index = new SpoolIndex(LIMITS);

    UUID open(String name, StreamKind kind) {
        return index.open(new StreamInfo(UUID.randomUUID(), kind, "", "text/plain", name, 1))
                .info()
                .id();
    }

    void sync() throws IOException {
        sync(false);
    }

    void sync(boolean tight) throws IOException {
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

    static List<Checkpoint> note(String key, int value) {
        return List.of(new Checkpoint(key, Buffer.buffer(Integer.toString(value))));
    }

    static ChunkDraft draft(int length, boolean last) {
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
