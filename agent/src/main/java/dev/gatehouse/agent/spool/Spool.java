package dev.gatehouse.agent.spool;

import dev.gatehouse.protocol.stream.Chunk;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was captured and is not yet known to be durable elsewhere, on disk: the agent's only buffer for sending again.
 *
 * <p>A chunk's bytes are fixed when it is put, and fsynced before it is offered to a link; one fsync serves all that was put meanwhile. When the spool is full, or the disk is, those who put chunks wait; what can't wait
 * is refused and counted. Nothing here fails because of a full disk: it goes on when there is space again.
 *
 * <p>Thread-safe. Putting blocks; never call {@link #put} from an event loop. Above 300 lines: it is the one lock around {@link SpoolIndex}, and decides nothing; most methods are three lines long.
 */
public final class Spool implements SpoolView, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Spool.class);

    private final SpoolLimits limits;
    private final SpoolDisk disk;
    private final FolderLock folderLock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final SpoolIndex index;
    private final SpoolWriter writer;
    private final ReadBack readBack;
    private final AtomicLong refusedBytes = new AtomicLong();
    private final AtomicLong refusedRecords = new AtomicLong();
    private volatile Runnable listener = () -> {};
    private volatile Function<UUID, List<Checkpoint>> partOnly = stream -> List.of();
    private boolean diskLow;
    private boolean closed;

    /** What of the spool there is to show. */
    public record State(
            long bytes,
            long chunks,
            long fileBytes,
            long maxBytes,
            long refusedBytes,
            long refusedRecords,
            long lostChunks,
            String problem) {}

    private Spool(SpoolLimits limits, SpoolDisk disk, FolderLock folderLock, SpoolIndex index, Path folder) {
        this.limits = limits;
        this.disk = disk;
        this.folderLock = folderLock;
        this.index = index;
        this.writer = new SpoolWriter(this, disk, folder, limits);
        this.readBack = new ReadBack(this, disk);
    }

    /**
     * Opens the spool of a folder and reads what a former agent left in it.
     *
     * @throws IOException if another agent uses the folder, or it can't be read or written
     */
    public static Spool open(Path folder, SpoolLimits limits) throws IOException {
        AgentFiles.createFolder(folder);
        FolderLock folderLock = FolderLock.take(folder);
        FolderDisk disk = new FolderDisk(folder);
        try {
            Spool spool = new Spool(limits, disk, folderLock, recover(disk, limits), folder);
            spool.writer.start();
            return spool;
        } catch (IOException | RuntimeException e) {
            disk.close();
            folderLock.close();
            throw e;
        }
    }

    /** Reads all files of a disk, cuts off what was never promised to anybody, and forces the rest: it counts from now on, and may be sent. */
    public static SpoolIndex recover(SpoolDisk disk, SpoolLimits limits) throws IOException {
        return Recovery.all(disk, limits);
    }

    /** Is told, on any thread, that streams, their synced or their acknowledged numbers have changed. One listener. */
    public void onChange(Runnable listener) {
        this.listener = listener;
    }

    /** Is asked, under the spool's lock, which checkpoints hold no more when only a part of a file is left in its stream. One function. */
    public void onPart(Function<UUID, List<Checkpoint>> partOnly) {
        this.partOnly = partOnly;
    }

    /** Opens a stream. It survives from the first sync after. */
    public StreamView openStream(StreamInfo info) {
        return locked(() -> {
            StreamView view = index.open(info);
            changed.signalAll();
            return view;
        });
    }

    /** Puts a chunk, waiting while there is no space. @return the chunk's number in the stream */
    public long put(UUID stream, ChunkDraft draft, List<Checkpoint> checkpoints) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (isFull() && !closed) {
                changed.await();
            }
            return append(stream, draft, checkpoints);
        } finally {
            lock.unlock();
        }
    }

    /** Puts a chunk if there is space now. @return whether there was */
    public boolean offer(UUID stream, ChunkDraft draft, List<Checkpoint> checkpoints) {
        return locked(() -> {
            if (isFull()) {
                return false;
            }
            append(stream, draft, checkpoints);
            return true;
        });
    }

    /** Counts what a source that can't wait has thrown away. */
    public void refused(long records, long bytes) {
        refusedRecords.addAndGet(records);
        refusedBytes.addAndGet(bytes);
    }

    /** Notes a checkpoint without a chunk. */
    public void note(Checkpoint checkpoint) {
        locked(() -> {
            checkOpen();
            index.note(checkpoint);
            changed.signalAll();
            return null;
        });
    }

    /** Returns when all that was put before is synced. */
    public void sync() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long batch = index.hasWaiting() ? index.openBatch() : index.openBatch() - 1;
            changed.signalAll();
            while (index.syncedBatch() < batch && !closed) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The chunk's payload as it is to be sent; empty if it is acknowledged, or can't be read back (then the stream has a gap from now on). */
    public Optional<Buffer> read(UUID id, long sequence) {
        return stream(id).flatMap(view -> readBack.onWire(id, sequence, view.alias()));
    }

    /** Where a synced chunk lies that isn't acknowledged. */
    Optional<ReadBack.Place> place(UUID id, long sequence) {
        return locked(() -> index.stream(id)
                .filter(stream -> stream.chunks.has(sequence) && sequence < stream.synced)
                .map(stream -> new ReadBack.Place(
                        stream.chunks.file(sequence),
                        stream.chunks.payloadOffset(sequence),
                        stream.chunks.length(sequence))));
    }

    /** Everything of the stream below {@code next} (number in the spool) is durable on the other side. */
    public void acked(UUID id, long next) {
        locked(() -> {
            index.acked(id, next);
            changed.signalAll();
            return null;
        });
        listener.run();
    }

    /**
     * Lets the stream go on under a new id from its first chunk that is not acknowledged. What would be the end of a file without its beginning goes on as that, in case the file is gone by now, but ends at once; and the
     * checkpoints that it voids are noted with it, so that the file is captured again. Blocks while chunks are being synced.
     *
     * @param from the id that it has on the wire; if it has another one by now, nothing is done
     */
    public void fork(UUID id, UUID from, UUID newId) throws InterruptedException {
        boolean done = false;
        while (!done) {
            sync();
            Optional<StreamView> stream =
                    stream(id).filter(view -> view.alias().id().equals(from));
            if (stream.isEmpty()) {
                return;
            }
            Optional<Chunk> first = readBack.chunk(id, stream.get().acked());
            done = locked(() -> forkNow(id, newId, first));
        }
        sync(); // the new id must survive before anything is sent under it
    }

    private boolean forkNow(UUID id, UUID newId, Optional<Chunk> first) {
        Optional<SpoolStream> part = index.stream(id).filter(SpoolIndex::wouldBePart);
        if (part.isEmpty()) {
            return index.fork(id, newId, first);
        }
        partOnly.apply(id).forEach(index::note);
        if (part.get().chunks.isEmpty()) {
            index.drop(id); // there is not even a part
            return true;
        }
        boolean done = index.fork(id, newId, first);
        if (done && !part.get().finished) {
            index.append(id, ChunkDraft.end(System.currentTimeMillis() * 1000), List.of());
        }
        return done;
    }

    /** Gives up a stream that nobody takes; its chunks count as refused. */
    public void drop(UUID id) {
        locked(() -> {
            long bytes = index.chunkBytes();
            long chunks = index.drop(id);
            refused(chunks, bytes - index.chunkBytes());
            changed.signalAll();
            return null;
        });
        listener.run();
    }

    /** Streams that are open or have something to send, in the order in which they were opened. */
    public List<StreamView> streams() {
        return locked(() -> index.streams().stream().map(SpoolStream::view).toList());
    }

    @Override
    public List<StreamView> unsent(Predicate<UUID> leftOut, int max) {
        return locked(() -> index.unsent(leftOut, max));
    }

    @Override
    public Optional<StreamView> stream(UUID id) {
        return locked(() -> index.stream(id).map(SpoolStream::view));
    }

    @Override
    public int[] lengths(UUID id, long from, int max) {
        return locked(() -> index.lengths(id, from, max));
    }

    public Optional<Buffer> checkpoint(String key) {
        return locked(() -> index.checkpoint(key));
    }

    public Map<String, Buffer> checkpoints(String prefix) {
        return locked(() -> index.checkpoints(prefix));
    }

    public State state() {
        return locked(() -> new State(
                index.chunkBytes(),
                index.chunkCount(),
                index.fileTotal(),
                limits.maxBytes(),
                refusedBytes.get(),
                refusedRecords.get(),
                index.lostChunks(),
                writer.problem()));
    }

    /** Writes what waits, for at most ten seconds, and lets the folder go. */
    @Override
    public void close() {
        locked(() -> {
            closed = true;
            changed.signalAll();
            return null;
        });
        writer.awaitEnd();
        try {
            if (disk instanceof AutoCloseable closeable) {
                closeable.close();
            }
        } catch (Exception e) {
            log.warn("Spool not closed cleanly: {}", e.toString());
        }
        folderLock.close();
    }

    /** A chunk turned out unreadable. */
    void lose(UUID id, long sequence, String why) {
        log.error("Chunk {} of stream {} can't be read back from the spool and is lost: {}", sequence, id, why);
        locked(() -> {
            index.lose(id, sequence);
            return null;
        });
        listener.run();
    }

    private boolean isFull() {
        return diskLow || index.fileTotal() >= limits.maxBytes() || index.waitingBytes() >= limits.maxWaiting();
    }

    private long append(UUID stream, ChunkDraft draft, List<Checkpoint> checkpoints) {
        checkOpen();
        long sequence = index.append(stream, draft, checkpoints);
        changed.signalAll();
        return sequence;
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the spool is closed");
        }
    }

    // ---- for the writer

    /** What there is to do: a batch to write, files to delete, or nothing. */
    record Work(Optional<SpoolIndex.Batch> batch, List<Integer> deletable) {}

    /** Waits for something to do, at most {@code millis}. */
    Work awaitWork(long millis) throws InterruptedException {
        lock.lock();
        try {
            long nanos = TimeUnit.MILLISECONDS.toNanos(millis);
            while (true) {
                index.carryOver(diskLow);
                List<Integer> deletable = index.deletable();
                if (!deletable.isEmpty()) {
                    changed.signalAll();
                }
                if (index.hasWaiting() || !deletable.isEmpty() || closed || nanos <= 0) {
                    return new Work(index.hasWaiting() ? Optional.of(index.take()) : Optional.empty(), deletable);
                }
                nanos = changed.awaitNanos(nanos);
            }
        } finally {
            lock.unlock();
        }
    }

    void synced(SpoolIndex.Batch batch) {
        locked(() -> {
            index.synced(batch);
            changed.signalAll();
            return null;
        });
        listener.run();
    }

    void saveAcks() {
        locked(() -> {
            index.saveAcks();
            return null;
        });
    }

    /** Nobody may put anything while the disk is low. */
    void diskLow(boolean low) {
        locked(() -> {
            diskLow = low;
            changed.signalAll();
            return null;
        });
    }

    boolean isClosed() {
        return locked(() -> closed);
    }

    private <T> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }
}
