package dev.gatehouse.agent.uplink;

import dev.gatehouse.agent.spool.SpoolView;
import dev.gatehouse.protocol.stream.SendWindow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Which open stream sends next, and how much: events go before recordings, recordings before files; files take turns. Never more than the window holds and than memory should.
 *
 * <p>Pure; confined to the link's context.
 */
final class Turns {

    /** Bytes that are on their way from the spool to the link. */
    static final long MAX_LOADING = 1024 * 1024;

    private static final int MAX_RUN = 64;
    private static final long MAX_RUN_BYTES = 256 * 1024;

    private final SendWindow window;
    private final SpoolView spool;
    private final List<Sending> turns = new ArrayList<>();
    private long loading;

    Turns(SendWindow window, SpoolView spool) {
        this.window = window;
        this.spool = spool;
    }

    void add(Sending sending) {
        turns.add(sending);
        turns.sort(Comparator.comparingInt(Sending::rank));
    }

    void remove(Sending sending) {
        turns.remove(sending);
    }

    void clear() {
        turns.clear();
    }

    /** The window isn't held free for {@code load} any more. */
    void done(Action.Load load) {
        loading -= load.bytes();
    }

    boolean isLoading() {
        return loading > 0;
    }

    void plan(List<Action> actions, boolean eventsWritable, boolean bulkWritable) {
        boolean more = true;
        while (more) {
            more = false;
            for (Sending sending : List.copyOf(turns)) {
                boolean urgent = sending.isUrgent();
                if (loading < MAX_LOADING && (urgent ? eventsWritable : bulkWritable) && load(sending, actions)) {
                    more = true;
                    if (sending.isFile()) {
                        turns.remove(sending);
                        turns.add(sending);
                    } else if (urgent) {
                        break; // all of the urgent before anything else
                    }
                }
            }
        }
    }

    private boolean load(Sending sending, List<Action> actions) {
        int[] lengths = spool.lengths(sending.id(), sending.next, MAX_RUN);
        long room = Math.min(window.left() - loading, MAX_RUN_BYTES);
        long bytes = 0;
        int count = 0;
        while (count < lengths.length && bytes + lengths[count] <= room) {
            bytes += lengths[count++];
        }
        if (count == 0) {
            return false;
        }
        actions.add(new Action.Load(sending.channel, sending.id(), sending.isUrgent(), sending.next, count, bytes));
        sending.next += count;
        loading += bytes;
        return true;
    }
}
