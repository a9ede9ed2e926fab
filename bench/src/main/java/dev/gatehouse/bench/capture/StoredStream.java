package dev.gatehouse.bench.capture;

import dev.gatehouse.bench.load.LoadLink.Acknowledged;

/** A stream's chunks as they are stored, in their order, held against what was acknowledged: numbers from 0 on without a gap, none twice, and the lengths together those that were acknowledged. Pure; confined to one thread. */
final class StoredStream {

    private final Acknowledged acknowledged;
    private long next;
    private long bytes;
    private String problem = "";

    StoredStream(Acknowledged acknowledged) {
        this.acknowledged = acknowledged;
    }

    /** Whether chunks are still to be looked at; those behind what was acknowledged are not. */
    boolean isOpen() {
        return problem.isEmpty() && next < acknowledged.chunks();
    }

    void chunk(long sequence, long length) {
        if (sequence != next) {
            problem = "chunk " + sequence + " is stored where " + next + " is next; " + acknowledged.chunks()
                    + " are acknowledged";
        }
        next++;
        bytes += length;
    }

    /** What is wrong, when no more chunks come; empty if nothing is. */
    String problem() {
        String found = problem;
        if (found.isEmpty() && (next != acknowledged.chunks() || bytes != acknowledged.bytes())) {
            found = next + " chunks of " + bytes + " bytes are stored; " + acknowledged.chunks() + " of "
                    + acknowledged.bytes() + " bytes are acknowledged";
        }
        return found.isEmpty() ? "" : "stream " + acknowledged.streamId() + ": " + found;
    }
}
