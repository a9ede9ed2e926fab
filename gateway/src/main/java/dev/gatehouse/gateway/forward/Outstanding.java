package dev.gatehouse.gateway.forward;

import java.util.Arrays;

/** The chunks of a stream that are on their way, in the order in which they came: sequence and length each. A ring that grows as needed (bounded by the link's window) and is small while empty. */
final class Outstanding {

    private static final int FIRST_CAPACITY = 8;
    private static final long[] NONE = {};

    private long[] ring = NONE; // sequence, length, sequence, length, …
    private int head;
    private int size;
    private long bytes;

    void add(long sequence, int length) {
        if (2 * size == ring.length) {
            enlarge();
        }
        int at = (head + 2 * size) & (ring.length - 1);
        ring[at] = sequence;
        ring[at + 1] = length;
        size++;
        bytes += length;
    }

    /** Removes what is below {@code next}; answers its bytes. */
    long below(long next) {
        long before = bytes;
        while (size > 0 && ring[head] < next) {
            bytes -= ring[head + 1];
            head = (head + 2) & (ring.length - 1);
            size--;
        }
        if (size == 0) {
            shrink();
        }
        return before - bytes;
    }

    /** Removes everything; answers its bytes. */
    long clear() {
        long all = bytes;
        size = 0;
        bytes = 0;
        shrink();
        return all;
    }

    boolean isEmpty() {
        return size == 0;
    }

    private void shrink() {
        head = 0;
        if (ring.length > 2 * FIRST_CAPACITY) {
            ring = NONE;
        }
    }

    private void enlarge() {
        if (ring.length == 0) {
            ring = new long[2 * FIRST_CAPACITY];
            return;
        }
        long[] larger = Arrays.copyOf(Arrays.copyOfRange(ring, head, ring.length), 2 * ring.length);
        System.arraycopy(ring, 0, larger, ring.length - head, head);
        ring = larger;
        head = 0;
    }
}
