package dev.gatehouse.agent.spool;

import dev.gatehouse.protocol.message.StreamKind;
import dev.gatehouse.protocol.stream.Chunk;
import dev.gatehouse.protocol.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * What the log files hold, and what is to be written to them next: streams, the places of their chunks, checkpoints. It never touches a disk: it is told what was read, synced and deleted.
 *
 * <p>What is appended waits in a batch. {@link #take} hands the batch out to be written and forced; {@link #synced} makes its chunks ready to be sent. At most one batch is out. When files go is {@link LogFiles}' matter,
 * checkpoints are {@link Notes}'.
 *
 * <p>Pure; guarded by the spool's lock. This file is above 300 lines together with what it can't do without: recovery reads the same records that appending makes.
 */
public final class SpoolIndex {

    /** Something to be written to a file, and what it holds. */
    record Write(int file, int offset, Buffer bytes, SpoolRecord record) {}

    /** Writes in order; a file is forced before the next one is written to. */
    public static final class Batch {

        private final long number;
        private final List<Write> writes;

        private Batch(long number, List<Write> writes) {
            this.number = number;
            this.writes = writes;
        }

        List<Write> writes() {
            return writes;
        }
    }

    private final LogFiles files;
    private final Map<UUID, SpoolStream> streams = new LinkedHashMap<>();
    private final Notes notes = new Notes();
    private List<Write> waiting = new ArrayList<>();
    private long waitingBytes;
    private long batchNumber = 1;
    private long syncedBatch;
    private boolean out;
    private long chunkBytes;
    private long chunkCount;
    private long lostChunks;
    private long damaged;

    public SpoolIndex(SpoolLimits limits) {
        this.files = new LogFiles(limits.fileBytes());
    }

    // ---- recovery

    /** Takes in one file, oldest first. @return how much of it counts; the rest is to be cut off */
    int recover(int number, Buffer content, boolean followed) {
        Recovery.Result result = Recovery.read(content, followed);
        files.recovered(number, result.length());
        damaged += result.damaged();
        result.records().forEach(placed -> recovered(placed.record(), number, placed.offset()));
        return result.length();
    }

    /** Ends recovery: what is acknowledged may be known too low, as files went; what is there counts. */
    void recovered() {
        for (SpoolStream stream : List.copyOf(streams.values())) {
            stream.synced = stream.next;
            ack(stream, stream.chunks.present(stream.chunks.isEmpty() ? stream.next : stream.acked));
            forgetIfOver(stream);
        }
    }

    private void recovered(SpoolRecord record, int file, int offset) {
        switch (record) {
            case SpoolRecord.Opened opened -> {
                SpoolStream stream = streams.computeIfAbsent(
                        opened.info().id(), id -> new SpoolStream(opened.info(), 0, 0, 0, opened.alias(), file));
                stream.info = opened.info(); // said again, it may also make good for a damaged first one
                stream.openedIn = file;
                stream.alias = opened.alias();
                stream.next = Math.max(stream.next, opened.next());
                stream.content = Math.max(stream.content, opened.content());
                ack(stream, opened.acked());
            }
            case SpoolRecord.Stored stored -> {
                stored.checkpoints().forEach(checkpoint -> notes.note(checkpoint, file));
                SpoolStream stream = streams.computeIfAbsent(stored.stream(), id -> lostOpening(stored, file));
                if (stored.sequence() < stream.acked) {
                    return;
                }
                int payloadAt = RecordCodec.payloadAt(stored.checkpoints());
                place(stream, stored, file, offset, payloadAt);
                stream.next = Math.max(stream.next, stored.sequence() + 1);
                header(stored.payload()).ifPresent(chunk -> {
                    stream.content = chunk.contentOffset() + chunk.plainLength();
                    stream.finished = chunk.fin().isPresent();
                });
            }
            case SpoolRecord.Acked acked ->
                Optional.ofNullable(streams.get(acked.stream())).ifPresent(stream -> ack(stream, acked.next()));
            case SpoolRecord.Closed closed ->
                Optional.ofNullable(streams.remove(closed.stream())).ifPresent(stream -> ack(stream, Long.MAX_VALUE));
            case SpoolRecord.Forked forked ->
                Optional.ofNullable(streams.get(forked.stream())).ifPresent(stream -> stream.alias = forked.alias());
            case SpoolRecord.Noted noted -> notes.note(noted.checkpoint(), file);
        }
    }

    /** The record that opened the stream is damaged: its chunks are sent all the same. */
    private static SpoolStream lostOpening(SpoolRecord.Stored stored, int file) {
        StreamInfo info = new StreamInfo(stored.stream(), stored.kind(), "", "", "", 0);
        return new SpoolStream(info, stored.sequence(), stored.sequence(), 0, Alias.own(stored.stream()), file);
    }

    private static Optional<Chunk> header(Buffer payload) {
        try {
            return Optional.of(Chunk.decode(payload));
        } catch (ProtocolException e) {
            return Optional.empty(); // it is sent as it is; the worker stores it apart
        }
    }

    // ---- appending

    StreamView open(StreamInfo info) {
        SpoolStream stream = new SpoolStream(info, 0, 0, 0, Alias.own(info.id()), 0);
        streams.put(info.id(), stream);
        stream.openedIn = append(stream.record()).file();
        return stream.view();
    }

    /** Gives the chunk its number. @return that number */
    long append(UUID id, ChunkDraft draft, List<Checkpoint> noted) {
        SpoolStream stream = streams.get(id);
        if (stream == null || stream.finished) {
            throw new StreamOver("stream " + id + " is " + (stream == null ? "not open" : "finished"));
        }
        long sequence = stream.next++;
        Buffer payload = draft.at(sequence, stream.content).encode();
        stream.content += draft.plainLength();
        stream.finished = draft.sha256().isPresent();
        SpoolRecord.Stored stored = new SpoolRecord.Stored(id, stream.info.kind(), sequence, noted, payload);
        Write write = append(stored);
        place(stream, stored, write.file(), write.offset(), RecordCodec.payloadAt(noted));
        noted.forEach(checkpoint -> notes.note(checkpoint, write.file()));
        return sequence;
    }

    void note(Checkpoint checkpoint) {
        notes.note(checkpoint, append(new SpoolRecord.Noted(checkpoint)).file());
    }

    private Write append(SpoolRecord record) {
        LogFiles.LogFile file = files.appendable();
        Buffer bytes = RecordCodec.encode(record, file.synced);
        Write write = new Write(file.number, file.length, bytes, record);
        files.appended(file, bytes.length());
        waitingBytes += bytes.length();
        waiting.add(write);
        return write;
    }

    private void place(SpoolStream stream, SpoolRecord.Stored stored, int file, int offset, int payloadAt) {
        stream.chunks.add(
                stored.sequence(), file, offset, payloadAt, stored.payload().length());
        files.get(file).unacked++;
        chunkBytes += stored.payload().length();
        chunkCount++;
    }

    // ---- writing

    boolean hasWaiting() {
        return !waiting.isEmpty();
    }

    /** Bytes appended and not handed out yet. */
    long waitingBytes() {
        return waitingBytes;
    }

    /** Number of the batch that takes what is appended now. */
    long openBatch() {
        return batchNumber;
    }

    long syncedBatch() {
        return syncedBatch;
    }

    public Batch take() {
        if (out) {
            throw new IllegalStateException("a batch is out already");
        }
        out = true;
        Batch batch = new Batch(batchNumber++, waiting);
        waiting = new ArrayList<>();
        waitingBytes = 0;
        return batch;
    }

    /** The batch is on disk for good. */
    public void synced(Batch batch) {
        out = false;
        syncedBatch = batch.number;
        for (Write write : batch.writes) {
            files.get(write.file()).synced = write.offset() + write.bytes().length();
            if (write.record() instanceof SpoolRecord.Stored stored) {
                SpoolStream stream = streams.get(stored.stream());
                if (stream != null) {
                    stream.synced = stored.sequence() + 1;
                }
            }
        }
    }

    // ---- acknowledging and trimming

    /** Everything below {@code next} (in the spool's numbers) is durable. */
    void acked(UUID id, long next) {
        SpoolStream stream = streams.get(id);
        if (stream != null && next > stream.acked) {
            ack(stream, Math.min(next, stream.synced));
            stream.ackUnsaved = true;
            skipHoles(stream);
            forgetIfOver(stream);
        }
    }

    /**
     * The stream goes on under another id, from its first chunk that isn't acknowledged.
     *
     * @param first that chunk; empty if there was none
     * @return false if {@code first} isn't that chunk any more
     */
    boolean fork(UUID id, UUID newId, Optional<Chunk> first) {
        SpoolStream stream = streams.get(id);
        if (stream == null) {
            return true;
        }
        if (stream.chunks.has(stream.acked) != first.isPresent()
                || first.filter(chunk -> chunk.sequence() != stream.acked).isPresent()) {
            return false;
        }
        boolean partOfFile = wouldBePart(stream);
        long content = first.map(Chunk::contentOffset).orElse(stream.content);
        stream.alias = new Alias(newId, stream.acked, partOfFile ? 0 : content, !partOfFile);
        append(new SpoolRecord.Forked(id, stream.alias));
        return true;
    }

    /** Whether what is left of the stream, sent under another id, would be the end of a file without its beginning. */
    static boolean wouldBePart(SpoolStream stream) {
        return isFile(stream) && stream.acked > 0;
    }

    private static boolean isFile(SpoolStream stream) {
        return stream.info.kind() == StreamKind.FILE;
    }

    /** Gives a stream up: nobody will take its chunks. @return how many there were */
    long drop(UUID id) {
        SpoolStream stream = streams.get(id);
        long before = chunkCount;
        ack(stream, Long.MAX_VALUE);
        stream.finished = true;
        stream.acked = stream.next;
        forgetIfOver(stream);
        return before - chunkCount;
    }

    /** A chunk turned out unreadable. */
    void lose(UUID id, long sequence) {
        SpoolStream stream = streams.get(id);
        if (stream != null && stream.chunks.has(sequence)) {
            forgetChunk(stream, sequence);
            stream.chunks.lose(sequence);
            lostChunks++;
            skipHoles(stream);
            forgetIfOver(stream);
        }
    }

    /** Writes how far streams are acknowledged, for those that moved. */
    void saveAcks() {
        for (SpoolStream stream : streams.values()) {
            if (stream.ackUnsaved) {
                stream.ackUnsaved = false;
                append(new SpoolRecord.Acked(stream.info.id(), stream.acked));
            }
        }
    }

    /**
     * Appends what the oldest files alone say, so that they can go.
     *
     * @param tight whether the disk is full
     */
    void carryOver(boolean tight) {
        files.carryOver(notes.bytes(), tight, this::sayAgain);
    }

    private long sayAgain(int upTo) {
        saveAcks();
        for (SpoolStream stream : streams.values()) {
            if (stream.openedIn <= upTo) {
                stream.openedIn = append(stream.record()).file();
            }
        }
        notes.sayAgain(
                upTo, checkpoint -> append(new SpoolRecord.Noted(checkpoint)).file());
        return hasWaiting() ? batchNumber : batchNumber - 1;
    }

    /** The oldest files that nobody needs any more; they leave the index with this call. */
    public List<Integer> deletable() {
        return files.deletable(syncedBatch);
    }

    private void ack(SpoolStream stream, long next) {
        while (stream.chunks.first() < Math.min(next, stream.chunks.end())) {
            if (stream.chunks.has(stream.chunks.first())) {
                forgetChunk(stream, stream.chunks.first());
            }
            stream.chunks.removeFirst();
        }
        if (next != Long.MAX_VALUE) {
            stream.chunks.skipTo(next);
            stream.acked = Math.max(stream.acked, next);
        }
    }

    private void forgetChunk(SpoolStream stream, long sequence) {
        files.get(stream.chunks.file(sequence)).unacked--;
        chunkBytes -= stream.chunks.length(sequence);
        chunkCount--;
    }

    /** Numbers whose chunks are lost are not waited for: what follows is offered as the stream's first, and the other side notes the gap. */
    private void skipHoles(SpoolStream stream) {
        long present = Math.min(stream.chunks.present(stream.acked), stream.next);
        if (present > stream.acked && stream.chunks.end() > stream.acked) {
            ack(stream, present);
        }
    }

    private void forgetIfOver(SpoolStream stream) {
        if (stream.finished && stream.acked >= stream.next) {
            streams.remove(stream.info.id());
            append(new SpoolRecord.Closed(stream.info.id()));
        }
    }

    // ---- looking

    Collection<SpoolStream> streams() {
        return streams.values();
    }

    Optional<SpoolStream> stream(UUID id) {
        return Optional.ofNullable(streams.get(id));
    }

    List<StreamView> unsent(Predicate<UUID> leftOut, int max) {
        List<StreamView> found = new ArrayList<>();
        int files = 0;
        for (SpoolStream stream : streams.values()) {
            boolean full = isFile(stream) ? files >= max : found.size() - files >= max;
            if (!full && stream.synced > stream.acked && !leftOut.test(stream.info.id())) {
                found.add(stream.view());
                files += isFile(stream) ? 1 : 0;
            }
        }
        return found;
    }

    int[] lengths(UUID id, long from, int max) {
        SpoolStream stream = streams.get(id);
        int count = 0;
        while (stream != null && count < max && from + count < stream.synced && stream.chunks.has(from + count)) {
            count++;
        }
        int[] lengths = new int[count];
        for (int i = 0; i < count; i++) {
            lengths[i] = stream.chunks.length(from + i);
        }
        return lengths;
    }

    Optional<Buffer> checkpoint(String key) {
        return notes.value(key);
    }

    Map<String, Buffer> checkpoints(String prefix) {
        return notes.values(prefix);
    }

    /** Length of all files, with what waits to be written. */
    public long fileTotal() {
        return files.total();
    }

    /** Payloads that aren't acknowledged yet. */
    public long chunkBytes() {
        return chunkBytes;
    }

    public long chunkCount() {
        return chunkCount;
    }

    /** Chunks that could not be read back, and damaged places found at the start. */
    public long lostChunks() {
        return lostChunks + damaged;
    }
}
