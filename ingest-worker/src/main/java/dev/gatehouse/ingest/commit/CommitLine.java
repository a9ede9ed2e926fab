package dev.gatehouse.ingest.commit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * What waits to become durable, in order: chunks not yet cut, then cuts on their way. Objects are uploaded side by side, rows are written strictly in cut order and one transaction at a time, so a stream's chunks
 * become durable in their order whatever the store does.
 *
 * <p>Pure: it is told what has happened and says what to do next. Times are {@link System#nanoTime()} values. Confined to one thread.
 */
public final class CommitLine {

    /**
     * What is to be done about a refusal.
     *
     * @param again to be laid out, and uploaded unless inline
     * @param left the chunks of one stream, which will not become durable
     */
    public record Refused(List<Cut> again, Optional<Cut> left) {}

    /** Cuts that one transaction takes at most. */
    static final int GROUP = 8;

    private final CommitLimits limits;
    private final Cutter cutter;
    private final Deque<TakenChunk> waiting = new ArrayDeque<>();
    private final Deque<Cut> cuts = new ArrayDeque<>();
    private long waitingBytes;
    private long cutBytes;
    private long numbered;
    private int uploads;
    private int inlines;
    private boolean committing;
    private int alone; // so many cuts at the head are committed one by one: some of them together were refused

    public CommitLine(CommitLimits limits) {
        this.limits = limits;
        this.cutter = new Cutter(limits);
    }

    public void add(TakenChunk chunk) {
        waiting.add(chunk);
        waitingBytes += chunk.stored();
    }

    /** The next cut, if it is time for one: to be laid out, then uploaded unless inline. */
    public Optional<Cut> cut(long now) {
        return waiting.isEmpty()
                ? Optional.empty()
                : switch (cutter.decide(waitingBytes, waiting.peek().takenAt(), uploads, inlines > 0, now)) {
                    case WAIT -> Optional.empty();
                    case INLINE -> {
                        cutter.cutInline(waitingBytes, now);
                        inlines++;
                        yield Optional.of(next(true));
                    }
                    case SEGMENT -> {
                        uploads++;
                        yield Optional.of(next(false));
                    }
                };
    }

    /** How long until {@link #cut} may have another answer though nothing else has happened; {@link Long#MAX_VALUE}: for ever. */
    public long nanosToCut(long now) {
        return waiting.isEmpty()
                ? Long.MAX_VALUE
                : cutter.wait(waitingBytes, waiting.peek().takenAt(), uploads, inlines > 0, now);
    }

    /** The cut's object is in the store. */
    public void uploaded(Cut cut) {
        if (cut.state() == Cut.State.UPLOADING) {
            cut.state(Cut.State.READY);
            uploads--;
        }
    }

    /** The cuts whose rows are to be written now in one transaction; empty while one is under way or the first cut is not ready. */
    public List<Cut> commit() {
        if (committing) {
            return List.of();
        }
        List<Cut> group = new ArrayList<>();
        int most = alone > 0 ? 1 : GROUP;
        for (Iterator<Cut> next = cuts.iterator(); next.hasNext() && group.size() < most; ) {
            Cut cut = next.next();
            if (cut.state() != Cut.State.READY) {
                break;
            }
            group.add(cut);
        }
        group.forEach(cut -> cut.state(Cut.State.COMMITTING));
        committing = !group.isEmpty();
        return group;
    }

    /** The rows of the group are durable. */
    public void committed(List<Cut> group) {
        group.forEach(this::leaves);
        committing = false;
    }

    /** The group's outcome is unknown or it has failed: {@link #commit} gives it again. Harmless if it did succeed, as what is below {@code next} is dropped. */
    public void failed(List<Cut> group) {
        group.forEach(cut -> cut.state(Cut.State.READY));
        committing = false;
    }

    /**
     * The database refuses the group for what is in it, and always will. A group is given again cut by cut, a cut of several streams in two halves (laid out afresh by the caller), and a stream that is refused alone leaves the line.
     * Later chunks of a stream that has left find its {@code next} below them: they are left alone by the commit statement.
     */
    public Refused refused(List<Cut> group) {
        failed(group);
        if (group.size() > 1) {
            alone = group.size();
            return new Refused(List.of(), Optional.empty());
        }
        Cut cut = group.getFirst();
        List<UUID> streams =
                cut.chunks().stream().map(TakenChunk::streamId).distinct().toList();
        leaves(cut);
        if (streams.size() == 1) {
            return new Refused(List.of(), Optional.of(cut));
        }
        Set<UUID> half = Set.copyOf(streams.subList(0, streams.size() / 2));
        Cut second = part(cut, chunk -> !half.contains(chunk.streamId()));
        Cut first = part(cut, chunk -> half.contains(chunk.streamId()));
        alone += 2;
        return new Refused(List.of(first, second), Optional.empty());
    }

    /** A part of a cut that was refused, put at the head. */
    private Cut part(Cut refused, Predicate<TakenChunk> belongs) {
        List<TakenChunk> chunks = refused.chunks().stream().filter(belongs).toList();
        long bytes = chunks.stream().mapToLong(TakenChunk::stored).sum();
        Cut part = new Cut(refused.number(), bytes < limits.inlineBelow(), chunks, bytes);
        cuts.addFirst(part);
        cutBytes += bytes;
        inlines += part.inline() ? 1 : 0;
        uploads += part.inline() ? 0 : 1;
        return part;
    }

    /** Groups are taken from the head, and one at a time. */
    private void leaves(Cut cut) {
        cuts.remove();
        cutBytes -= cut.bytes();
        inlines -= cut.inline() ? 1 : 0;
        alone = Math.max(0, alone - 1);
    }

    /** The writer was closed: every object that has no rows yet must be laid out and uploaded again. Not to be called while a commit is under way. */
    public List<Cut> reopened() {
        List<Cut> again = new ArrayList<>();
        for (Cut cut : cuts) {
            if (!cut.inline() && cut.state() == Cut.State.READY) {
                cut.state(Cut.State.UPLOADING);
                uploads++;
            }
            again.add(cut);
        }
        return again;
    }

    /** Bytes that are taken and not durable. */
    public long heldBytes() {
        return waitingBytes + cutBytes;
    }

    /** When the oldest chunk that is not durable was taken; empty if all is durable. */
    public Optional<Long> oldestAt() {
        TakenChunk oldest =
                cuts.isEmpty() ? waiting.peek() : cuts.peek().chunks().getFirst();
        return oldest == null ? Optional.empty() : Optional.of(oldest.takenAt());
    }

    private Cut next(boolean inline) {
        List<TakenChunk> chunks = new ArrayList<>();
        long bytes = 0;
        while (!waiting.isEmpty() && (chunks.isEmpty() || bytes + waiting.peek().stored() <= limits.segmentMax())) {
            TakenChunk chunk = waiting.remove();
            bytes += chunk.stored();
            chunks.add(chunk);
        }
        waitingBytes -= bytes;
        cutBytes += bytes;
        Cut cut = new Cut(++numbered, inline, chunks, bytes);
        cuts.add(cut);
        return cut;
    }
}
