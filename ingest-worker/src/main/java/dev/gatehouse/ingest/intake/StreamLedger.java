package dev.gatehouse.ingest.intake;

import dev.gatehouse.ingest.commit.StreamNext;
import dev.gatehouse.ingest.commit.StreamRows;
import dev.gatehouse.shared.bus.ChunkBatch;
import dev.gatehouse.shared.bus.Progress;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * What a worker knows of one stream: which chunk is the next to be taken, which are durable, and from whom chunks are taken.
 *
 * <p>Pure; confined to one thread.
 */
final class StreamLedger {

    /** Whether chunks are taken. */
    enum State {
        OPEN,
        /** A chunk is missing: nothing is taken until the stream is opened again. */
        GAP,
        /** A repeat had other bytes: nothing is ever taken again. */
        FORKED,
        /** The database refuses what is in one of its chunks: nothing is taken until it may be tried anew. */
        STOPPED,
        /** Its end is durable. */
        CLOSED
    }

    /** What a chunk is to its stream. */
    enum Judgement {
        NEXT,
        /** Known and the same, as far as can be told. */
        REPEAT,
        /** Durable too long ago to be remembered: its CRC must be compared with the stored one. */
        OLD_REPEAT,
        /** Known, and not the same. */
        OTHER,
        /** Beyond what can be taken: the stream stops. */
        GAP,
        /** The stream has stopped already. */
        IGNORED
    }

    final UUID id;
    final UUID agentId;
    final boolean events;
    private final RecentCrcs crcs = new RecentCrcs();
    private ChunkBatch.Sender sender;
    private State state;
    private long expected;
    private long durable;
    private OptionalInt lastCrc = OptionalInt.empty(); // of the chunk before `durable`
    private long settled; // chunks below it are not on their way any more, durable or not
    private boolean ended; // the chunk before `expected` was the last one
    private boolean overtaken; // another worker has stored other chunks under the numbers of those taken here
    private boolean stale; // the row is not what was believed: read it before going on
    private long activeAt;
    private long stoppedAt;
    private String reason = ""; // why it was stopped

    StreamLedger(StreamRows.Registered row, long now) {
        this.id = row.id();
        this.agentId = row.agentId();
        this.events = row.events();
        this.activeAt = now;
        read(row);
    }

    /** Takes over what the row says; nothing is on its way. */
    void read(StreamRows.Registered row) {
        stale = false;
        durable = row.next();
        lastCrc = row.lastCrc();
        if (settled()) {
            expected = row.next();
            ended = false;
        }
        settled = Math.max(settled, row.next());
        if (row.closed()) {
            state = State.CLOSED;
        } else if (state != State.FORKED) {
            state = State.OPEN;
            reason = "";
        }
    }

    /** From now on chunks are taken from this sender alone. */
    void attach(ChunkBatch.Sender newest, long now) {
        sender = newest;
        activeAt = now;
        if (state == State.GAP) {
            state = State.OPEN;
        }
    }

    boolean takesFrom(ChunkBatch.Sender other) {
        return other.equals(sender);
    }

    Judgement judge(long sequence, int crc, long now) {
        activeAt = now;
        if (state != State.OPEN) {
            return Judgement.IGNORED;
        }
        if (sequence > expected || (sequence == expected && ended)) {
            state = State.GAP;
            return Judgement.GAP;
        }
        if (sequence == expected) {
            return Judgement.NEXT;
        }
        OptionalInt known = crcs.at(sequence);
        if (known.isEmpty()) {
            return sequence < durable ? Judgement.OLD_REPEAT : Judgement.REPEAT;
        }
        return known.getAsInt() == crc ? Judgement.REPEAT : Judgement.OTHER;
    }

    /** A repeat is not what was stored. */
    void fork() {
        state = State.FORKED;
    }

    /** Chunks below {@code upto} that are not durable yet never will be, and so none after them. */
    void stop(String why, long upto, long now) {
        state = State.STOPPED;
        reason = why;
        stoppedAt = now;
        settled = Math.max(settled, upto);
        stale = true;
    }

    /** Whether it is stopped and that is younger than {@code since}: perhaps the database takes its chunks by now. */
    boolean stoppedSince(long since) {
        return state == State.STOPPED && stoppedAt - since >= 0;
    }

    /** Why it was stopped. */
    String reason() {
        return reason;
    }

    /** The chunk that was judged to be the next is taken. */
    void take(OptionalInt crc, boolean last) {
        if (crc.isPresent()) {
            crcs.put(expected, crc.getAsInt(), expected - durable);
        }
        expected++;
        ended = last;
    }

    void committed(StreamNext commit) {
        settled = Math.max(settled, commit.upto());
        overtaken |= commit.other();
        if (overtaken) {
            fork();
            return; // `durable` stays: the agent must not forget what it holds below the row's
        }
        if (commit.hole()) {
            stale = true;
            durable = Math.max(0, commit.next());
            lastCrc = commit.lastCrc();
            if (state == State.OPEN) {
                state = State.GAP;
            }
            return;
        }
        if (commit.next() >= durable) {
            durable = commit.next();
            lastCrc = commit.lastCrc();
        }
        if (durable > expected) { // another worker has gone on with it
            expected = durable;
            settled = Math.max(settled, durable); // or it would wait for chunks that never were here
            ended = false;
        }
        if (ended && durable == expected) {
            state = State.CLOSED;
        }
    }

    /** Nothing is on its way: the row says all there is to know. */
    boolean settled() {
        return settled >= expected;
    }

    boolean stale() {
        return stale;
    }

    State state() {
        return state;
    }

    long durable() {
        return durable;
    }

    /** Of the stored chunk before {@link #durable}; empty if there is none that is whole. */
    OptionalInt lastCrc() {
        return lastCrc;
    }

    long expected() {
        return expected;
    }

    ChunkBatch.Sender sender() {
        return sender;
    }

    boolean idleSince(long then) {
        return activeAt - then < 0 && settled();
    }

    boolean activeSince(long then) {
        return activeAt - then >= 0;
    }

    Progress.Item progress() {
        return new Progress.Item(
                id,
                durable,
                switch (state) {
                    case OPEN, CLOSED -> Progress.Fault.NONE;
                    case GAP, STOPPED -> Progress.Fault.GAP; // the link is rewound, and its opening then refused
                    case FORKED -> Progress.Fault.FORKED;
                });
    }
}
