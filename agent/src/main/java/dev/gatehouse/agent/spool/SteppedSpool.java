package dev.gatehouse.agent.spool;

import dev.gatehouse.protocol.stream.Chunk;
import dev.gatehouse.protocol.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * A spool whose every step is a call: what {@link Spool} does on its threads, in the order that a simulation chooses, on a disk that can lose what was not forced.
 *
 * <p>Confined to one thread.
 */
public final class SteppedSpool implements SpoolView {

    private final SpoolLimits limits;
    private final SpoolDisk disk;
    private final SpoolIndex index;

    /** Recovers what the disk has. */
    public SteppedSpool(SpoolDisk disk, SpoolLimits limits) throws IOException {
        this.limits = limits;
        this.disk = disk;
        this.index = Spool.recover(disk, limits);
    }

    public StreamView open(StreamInfo info) {
        return index.open(info);
    }

    /** Appends a chunk; it is offered after the next {@link #write}. Empty if the spool is full. */
    public Optional<Long> append(UUID stream, ChunkDraft draft, List<Checkpoint> checkpoints) {
        return index.fileTotal() >= limits.maxBytes()
                ? Optional.empty()
                : Optional.of(index.append(stream, draft, checkpoints));
    }

    /** Writes and forces what was appended, and deletes what nobody needs. After a failure the batch is still out: only a start can follow. */
    public void write() throws IOException {
        index.carryOver(false);
        SpoolIndex.Batch batch = index.take();
        SpoolWriter.writeOnce(disk, batch);
        index.synced(batch);
        for (int file : index.deletable()) {
            disk.delete(file);
        }
    }

    public void acked(UUID stream, long next) {
        index.acked(stream, next);
    }

    /** Writes down, with the next batch, how far streams are acknowledged. */
    public void saveAcks() {
        index.saveAcks();
    }

    public void fork(UUID stream, UUID newId) throws IOException, ProtocolException {
        write();
        Optional<StreamView> view = stream(stream);
        if (view.isPresent()) {
            Optional<Buffer> first = spooled(stream, view.get().acked());
            index.fork(stream, newId, first.isPresent() ? Optional.of(Chunk.decode(first.get())) : Optional.empty());
        }
    }

    /** The payload as it is sent. */
    public Optional<Buffer> read(UUID stream, long sequence) throws IOException, ProtocolException {
        Optional<Buffer> spooled = spooled(stream, sequence);
        return spooled.isPresent()
                ? Optional.of(
                        index.stream(stream).orElseThrow().alias.payload(Chunk.decode(spooled.get()), spooled.get()))
                : Optional.empty();
    }

    public Optional<Buffer> checkpoint(String key) {
        return index.checkpoint(key);
    }

    public List<StreamView> streams() {
        return index.streams().stream().map(SpoolStream::view).toList();
    }

    @Override
    public List<StreamView> unsent(Predicate<UUID> leftOut, int max) {
        return index.unsent(leftOut, max);
    }

    @Override
    public Optional<StreamView> stream(UUID id) {
        return index.stream(id).map(SpoolStream::view);
    }

    @Override
    public int[] lengths(UUID id, long from, int max) {
        return index.lengths(id, from, max);
    }

    private Optional<Buffer> spooled(UUID id, long sequence) throws IOException {
        Optional<SpoolStream> stream = index.stream(id);
        if (stream.isEmpty() || !stream.get().chunks.has(sequence) || sequence >= stream.get().synced) {
            return Optional.empty();
        }
        Locations at = stream.get().chunks;
        return Optional.of(disk.read(at.file(sequence), at.payloadOffset(sequence), at.length(sequence)));
    }
}
