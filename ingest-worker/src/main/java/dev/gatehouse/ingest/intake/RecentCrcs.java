package dev.gatehouse.ingest.intake;

import java.util.Arrays;
import java.util.OptionalInt;

/** The CRCs of a stream's latest chunks, by which a repeat is told from a fork. A ring that grows with what is not durable, up to {@link #MOST}. Confined to one thread. */
final class RecentCrcs {

    private static final int FIRST = 16;

    /** Older ones are looked up in the database. */
    static final int MOST = 1024;

    private long[] sequences = filled(FIRST);
    private int[] crcs = new int[FIRST];

    void put(long sequence, int crc, long notDurable) {
        if (notDurable >= sequences.length && sequences.length < MOST) {
            grow();
        }
        sequences[slot(sequence)] = sequence;
        crcs[slot(sequence)] = crc;
    }

    OptionalInt at(long sequence) {
        return sequences[slot(sequence)] == sequence ? OptionalInt.of(crcs[slot(sequence)]) : OptionalInt.empty();
    }

    private int slot(long sequence) {
        return (int) (sequence & (sequences.length - 1));
    }

    private void grow() {
        long[] oldSequences = sequences;
        int[] oldCrcs = crcs;
        sequences = filled(oldSequences.length * 2);
        crcs = new int[sequences.length];
        for (int i = 0; i < oldSequences.length; i++) {
            if (oldSequences[i] >= 0) {
                sequences[slot(oldSequences[i])] = oldSequences[i];
                crcs[slot(oldSequences[i])] = oldCrcs[i];
            }
        }
    }

    private static long[] filled(int length) {
        long[] sequences = new long[length];
        Arrays.fill(sequences, -1);
        return sequences;
    }
}
