package dev.gatehouse.protocol.transport;

import dev.gatehouse.protocol.wire.Frame;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/**
 * Frames that wait for room in the socket, by priority.
 *
 * <p>What is most urgent goes first, but nothing starves: while something less urgent waits, one of {@link #TURNS} pieces begins with the least urgent frame. Pure; confined to its link's context.
 */
final class Outbox {

    /** A priority with more than this waiting is not writable: its senders should stop. */
    static final int ENOUGH = 256 * 1024;

    /** More than this waiting in all is a peer that doesn't read, or senders that don't listen. */
    static final int LIMIT = 2 * 1024 * 1024;

    /** About the length of a piece given to the socket at once: a whole frame always fits. */
    static final int PIECE = Frame.HEADER_BYTES + Frame.MAX_PAYLOAD;

    static final int TURNS = 16;

    private static final List<Priority> URGENT_FIRST = List.of(Priority.values());
    private static final List<Priority> URGENT_LAST = URGENT_FIRST.reversed();

    private final Map<Priority, Lane> lanes = new EnumMap<>(Priority.class); // most links never use most priorities
    private int waiting;
    private int turn;

    private static final class Lane {
        final Queue<Frame> frames = new ArrayDeque<>(4);
        int bytes;
    }

    /** Adds a frame; false, and nothing added, if that would go beyond {@link #LIMIT}. */
    boolean offer(Frame frame, Priority priority) {
        int length = frame.length();
        if (waiting + length > LIMIT) {
            return false;
        }
        Lane lane = lanes.computeIfAbsent(priority, used -> new Lane());
        lane.frames.add(frame);
        lane.bytes += length;
        waiting += length;
        return true;
    }

    boolean writable(Priority priority) {
        Lane lane = lanes.get(priority);
        return lane == null || lane.bytes < ENOUGH;
    }

    boolean isEmpty() {
        return waiting == 0;
    }

    /** Takes away frames, at least one if there is any, that make up about one piece; empty if there is none. */
    Buffer take() {
        turn = (turn + 1) % TURNS;
        Buffer piece = Buffer.buffer(Math.min(waiting, PIECE));
        if (turn == 0) {
            for (Priority priority : URGENT_LAST) {
                if (takeOne(priority, piece)) {
                    break;
                }
            }
        }
        for (Priority priority : URGENT_FIRST) {
            boolean more = true;
            while (more) {
                more = takeOne(priority, piece);
            }
        }
        return piece;
    }

    /** Forgets all that waits, for a last word to go out at once. */
    void clear() {
        lanes.clear();
        waiting = 0;
    }

    private boolean takeOne(Priority priority, Buffer piece) {
        Lane lane = lanes.get(priority);
        Frame frame = lane == null ? null : lane.frames.peek();
        if (frame == null || piece.length() + frame.length() > PIECE) {
            return false;
        }
        lane.frames.remove();
        lane.bytes -= frame.length();
        waiting -= frame.length();
        frame.appendTo(piece);
        return true;
    }
}
