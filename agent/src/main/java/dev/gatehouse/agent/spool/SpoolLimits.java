package dev.gatehouse.agent.spool;

/**
 * How much disk the spool may use.
 *
 * @param maxBytes of all its files; beyond, sources have to wait
 * @param minFreeBytes that are left to others on the file system; below, sources have to wait
 */
public record SpoolLimits(long maxBytes, long minFreeBytes) {

    public static final SpoolLimits DEFAULT = new SpoolLimits(1L << 30, 64L << 20);

    private static final int LARGEST_FILE = 16 << 20;
    private static final int SMALLEST_FILE = 256 << 10;
    private static final int LARGEST_WAITING = 4 << 20;

    /** How much may wait in memory to be written. */
    long maxWaiting() {
        return Math.max(SMALLEST_FILE, Math.min(LARGEST_WAITING, maxBytes / 64));
    }

    /** What is kept aside for writing that must go on when the disk is full: all that may wait, and what is said again. */
    long ballast() {
        return 2 * maxWaiting();
    }

    /** A log file is followed by a new one from this length on: the grain in which space comes back. */
    int fileBytes() {
        return (int) Math.max(SMALLEST_FILE, Math.min(LARGEST_FILE, maxBytes / 16));
    }
}
