package dev.gatehouse.gateway.forward;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The bytes that all links of a gateway together may have on their way beyond the one chunk that each always may. Windows ({@link LinkWindow}) take from it and give back.
 *
 * <p>Used up, nothing is refused and nothing is closed: windows only stop growing. A link gets at most a share of what is free, so that some is always left for those who come later.
 *
 * <p>Thread-safe.
 */
public final class CaptureBudget {

    /** A link may hold as much as this part of what is still free: 1/8, so the greedy ones share evenly, and one alone has its whole window. */
    static final int SHARE = 8;

    private final long total;
    private final AtomicLong free;

    public CaptureBudget(long bytes) {
        this.total = bytes;
        this.free = new AtomicLong(bytes);
    }

    /**
     * Takes up to {@code wanted} bytes for a link that holds {@code held}.
     *
     * @return what it got, 0 to {@code wanted}
     */
    long take(long wanted, long held) {
        while (true) {
            long now = free.get();
            long granted = Math.min(wanted, now / SHARE - held);
            if (granted <= 0) {
                return 0;
            }
            if (free.compareAndSet(now, now - granted)) {
                return granted;
            }
        }
    }

    void giveBack(long bytes) {
        free.addAndGet(bytes);
    }

    /** Bytes granted to links beyond their first chunk. */
    public long used() {
        return total - free.get();
    }
}
