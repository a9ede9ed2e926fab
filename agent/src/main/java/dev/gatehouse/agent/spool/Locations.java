package dev.gatehouse.agent.spool;

/**
 * Where the chunks of one stream lie, by number, from the first that is still needed: 16 bytes for each, in a ring that grows. A number whose chunk was lost is a hole.
 *
 * <p>Pure; guarded by the spool's lock.
 */
final class Locations {

    private static final int SMALLEST = 16;

    private long[] places = new long[SMALLEST]; // file number and offset
    private int[] payloadAts = new int[SMALLEST]; // from the record's start
    private int[] lengths = new int[SMALLEST]; // of the payload; 0 is a hole
    private int head;
    private int size;
    private long first;

    Locations(long first) {
        this.first = first;
    }

    long first() {
        return first;
    }

    long end() {
        return first + size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** Adds the next number; numbers jumped over become holes. */
    void add(long sequence, int file, int offset, int payloadAt, int length) {
        if (size == 0 && sequence > first) {
            first = sequence; // nothing before it is known: no holes to keep
        }
        while (end() < sequence) {
            append(0, 0, 0);
        }
        append((long) file << 32 | offset, payloadAt, length);
    }

    /** The first number at or after {@code from} that has a chunk, or {@link #end}. */
    long present(long from) {
        long at = Math.max(from, first);
        while (at < end() && lengths[slot(at)] == 0) {
            at++;
        }
        return at;
    }

    boolean has(long sequence) {
        return sequence >= first && sequence < end() && lengths[slot(sequence)] != 0;
    }

    int file(long sequence) {
        return (int) (places[slot(sequence)] >>> 32);
    }

    int payloadOffset(long sequence) {
        return (int) places[slot(sequence)] + payloadAts[slot(sequence)];
    }

    int length(long sequence) {
        return lengths[slot(sequence)];
    }

    /** Makes a number a hole. */
    void lose(long sequence) {
        lengths[slot(sequence)] = 0;
    }

    /** Forgets the first number. */
    void removeFirst() {
        head = (head + 1) & (places.length - 1);
        first++;
        size--;
    }

    void skipTo(long next) {
        first = Math.max(first, next);
    }

    private int slot(long sequence) {
        return (head + (int) (sequence - first)) & (places.length - 1);
    }

    private void append(long place, int payloadAt, int length) {
        if (size == places.length) {
            grow();
        }
        int slot = (head + size) & (places.length - 1);
        places[slot] = place;
        payloadAts[slot] = payloadAt;
        lengths[slot] = length;
        size++;
    }

    private void grow() {
        long[] morePlaces = new long[places.length * 2];
        int[] morePayloadAts = new int[places.length * 2];
        int[] moreLengths = new int[places.length * 2];
        for (int i = 0; i < size; i++) {
            int slot = (head + i) & (places.length - 1);
            morePlaces[i] = places[slot];
            morePayloadAts[i] = payloadAts[slot];
            moreLengths[i] = lengths[slot];
        }
        places = morePlaces;
        payloadAts = morePayloadAts;
        lengths = moreLengths;
        head = 0;
    }
}
