package dev.gatehouse.protocol.tunnel;

/** Bytes that the windows of all tunnels of one link may hold together. Pure; confined to the link's context. */
public final class WindowBudget {

    /** For one link. */
    public static final long LINK = 64L * 1024 * 1024;

    private final long most;
    private long used;

    public WindowBudget(long most) {
        this.most = most;
    }

    /**
     * Takes up to so many bytes.
     *
     * @return how many there were
     */
    long take(long wanted) {
        long taken = Math.max(0, Math.min(wanted, most - used));
        used += taken;
        return taken;
    }

    /** Takes so many bytes even if they are more than there are: each tunnel has a little. */
    void takeAnyway(long bytes) {
        used += bytes;
    }

    void giveBack(long bytes) {
        used -= bytes;
    }

    public long used() {
        return used;
    }
}
