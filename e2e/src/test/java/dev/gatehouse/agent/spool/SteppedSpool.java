package dev.gatehouse.agent.spool;

import dev.gatehouse.protocol.stream.Chunk;
import dev.gatehouse.protocol.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * The real {@link SpoolIndex}, {@link Recovery} and record format without {@link Spool}'s lock and threads: whoever drives it says when a batch is taken, written and forced. It is in this package for that.
 *
 * <p>Reading a chunk and forking are modelled after {@link Spool}. Confined to one thread.
 */
public final class SteppedSpool implements SpoolView {

    private final SpoolDisk disk;
    private final SpoolIndex index;
    private SpoolIndex.Batch out;

    private SteppedSpool(SpoolDisk disk, SpoolIndex index) {
        this.disk = disk;
        this.index = index;
    }

    public static SteppedSpool open(SpoolDisk disk) {
        try {
            return new SteppedSpool(disk, Spool.recover(disk, SpoolLimits.DEFAULT));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public UUID openStream(StreamInfo info) {
        return index.open(info).info().id();
    }

    public long append(UUID stream, ChunkDraft draft) {
        return index.append(stream, draft, List.of());
    }

    public List<StreamView> streams() {
        return index.streams().stream().map(SpoolStream::view).toList();
    }

    /** Whether there is something to write, or being written. */
    public boolean isDirty() {
        return out != null || index.hasWaiting();
    }

    public boolean isWriting() {
        return out != null;
    }

    /** Takes what waits, to be written by {@link #write}. */
    public void take() {
        index.carryOver(false);
        out = index.take();
    }

    /** Writes and forces the batch that is out; the index does not know yet. */
    public void write() {
        try {
            SpoolWriter.writeOnce(disk, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The batch is forced: its chunks may be sent, files that nobody needs go. */
    public void synced() {
        SpoolIndex.Batch batch = out;
        out = null;
        index.synced(batch);
        for (int file : index.deletable()) {
            try {
                disk.delete(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    public void saveAcks() {
        index.saveAcks();
    }

    public void acked(UUID stream, long next) {
        index.acked(stream, next);
    }

    /** As it goes over the wire. */
    public Optional<Buffer> read(UUID id, long sequence) {
        Optional<SpoolStream> stream = index.stream(id).filter(found -> found.chunks.has(sequence));
        return stream.map(found -> {
            Buffer payload = spooled(found, sequence);
            return found.alias.base() == 0 ? payload : found.alias.payload(decode(payload), payload);
        });
    }

    /** Numbers of the stream from its first that is not acknowledged up to {@code next}, of those that are there. */
    public List<Long> numbers(UUID id, long next) {
        List<Long> found = new ArrayList<>();
        index.stream(id).ifPresent(stream -> {
            for (long at = stream.acked; at < next; at++) {
                if (stream.chunks.has(at)) {
                    found.add(at);
                }
            }
        });
        return found;
    }

    /** To be called while nothing is dirty. */
    public void fork(UUID id, UUID newId) {
        Optional<Chunk> first = index.stream(id)
                .filter(stream -> stream.chunks.has(stream.acked))
                .map(stream -> decode(spooled(stream, stream.acked)));
        if (!index.fork(id, newId, first)) {
            throw new IllegalStateException("stream " + id + " cannot be forked though nothing else goes on");
        }
    }

    public long lostChunks() {
        return index.lostChunks();
    }

    private Buffer spooled(SpoolStream stream, long sequence) {
        try {
            Buffer payload = disk.read(
                    stream.chunks.file(sequence),
                    stream.chunks.payloadOffset(sequence),
                    stream.chunks.length(sequence));
            if (!Chunk.crcMatches(payload) || Chunk.sequence(payload) != sequence) {
                throw new IllegalStateException("chunk " + sequence + " of " + stream.info.id() + " is damaged");
            }
            return payload;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Chunk decode(Buffer payload) {
        try {
            return Chunk.decode(payload);
        } catch (ProtocolException e) {
            throw new IllegalStateException(e);
        }
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
}
