package dev.gatehouse.ingest.commit;

import dev.gatehouse.shared.segment.SegmentEntry;
import dev.gatehouse.shared.segment.SegmentHead;
import dev.gatehouse.shared.segment.SegmentWriter;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.UUID;

/** Chunks that become durable together, as one segment: inline or an object. Confined to the thread of its line. */
public final class Cut {

    /** Where a cut is on its way. */
    enum State {
        /** Its object is not in the store yet. */
        UPLOADING,
        /** Only its rows are missing. */
        READY,
        /** Its rows are being written, or it is unknown whether they were. */
        COMMITTING
    }

    private final long number;
    private final boolean inline;
    private final List<TakenChunk> chunks;
    private final long bytes;
    private State state;
    private SegmentWriter segment;

    Cut(long number, boolean inline, List<TakenChunk> chunks, long bytes) {
        this.number = number;
        this.inline = inline;
        this.chunks = chunks;
        this.bytes = bytes;
        this.state = inline ? State.READY : State.UPLOADING;
    }

    /** Lays the chunks out under a writer; again under another one if the first was closed. */
    public void layOut(SegmentHead head) {
        segment = new SegmentWriter(head);
        chunks.forEach(chunk -> segment.add(chunk.streamId(), chunk.sequence(), chunk.payload(), chunk.facts()));
    }

    /** Position in the order in which cuts become durable; the parts of one that was refused share its number. */
    public long number() {
        return number;
    }

    public boolean inline() {
        return inline;
    }

    public List<TakenChunk> chunks() {
        return chunks;
    }

    /** Bytes of all blocks. */
    public long bytes() {
        return bytes;
    }

    public UUID segmentId() {
        return segment.head().segmentId();
    }

    /** The object's key; an inline segment has none. */
    public String objectKey() {
        return segment.head().writerId() + "/" + segmentId() + ".seg";
    }

    public List<Buffer> object() {
        return segment.object();
    }

    Buffer inlineBytes() {
        return segment.inline();
    }

    List<SegmentEntry> entries() {
        return segment.entries();
    }

    State state() {
        return state;
    }

    void state(State next) {
        state = next;
    }

    @Override
    public String toString() {
        return (inline ? "inline " : "segment ") + number + " (" + chunks.size() + " chunks, " + bytes + " bytes, "
                + state + ")";
    }
}
