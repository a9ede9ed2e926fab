package dev.gatehouse.protocol.tunnel;

import dev.gatehouse.protocol.message.ErrorCode;
import dev.gatehouse.protocol.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * What one end of a tunnel has received and not yet handed to its local connection, and what it tells the other end about that.
 *
 * <p>Pure; confined to its tunnel's context.
 */
final class ReceiveBuffer {

    /** What is taken over, or room that is free again, is told when it is this part of the window. */
    private static final int PART = 4;

    private final Deque<Buffer> waiting = new ArrayDeque<>(4);
    private final WindowGrowth growth;
    private long received; // the half-close counted
    private long delivered; // bytes
    private long limit;
    private long consumedTold;
    private boolean finished;
    private boolean finishTold;
    private int echo;

    ReceiveBuffer(WindowBudget budget) {
        growth = new WindowGrowth(budget);
        limit = growth.window();
    }

    /** DATA; an empty one is the half-close. */
    void data(Buffer bytes) throws ProtocolException {
        if (finished) {
            throw new ProtocolException(ErrorCode.BAD_ORDER, "DATA after the half-close of its tunnel");
        }
        if (bytes.length() == 0) {
            finished = true;
            received++;
            return;
        }
        if (bytes.length() > limit - received) {
            throw new ProtocolException(
                    ErrorCode.WINDOW_EXCEEDED,
                    "DATA of " + bytes.length() + " bytes on a tunnel; " + (limit - received) + " are left");
        }
        received += bytes.length();
        waiting.add(bytes);
    }

    /** Bytes for the local connection, which counts as delivered. */
    Optional<Buffer> deliver() {
        Buffer bytes = waiting.poll();
        if (bytes == null) {
            return Optional.empty();
        }
        delivered += bytes.length();
        return Optional.of(bytes);
    }

    /** Whether the local connection has everything and is to be half-closed. */
    boolean isDone() {
        return finished && waiting.isEmpty();
    }

    long received() {
        return received;
    }

    long limit() {
        return limit;
    }

    /** Bytes handed to the local connection. */
    long delivered() {
        return delivered;
    }

    void window(Window window, long now) {
        if (window.probe() != 0) {
            echo = window.probe();
        }
        if (window.echo() != 0) {
            growth.echoed(window.echo(), received, now);
        }
    }

    /** What is worth telling now. */
    Optional<Window> tell(long now) {
        long room = delivered + growth.window();
        boolean due = received - consumedTold >= growth.window() / PART
                || room - limit >= growth.window() / PART
                || (finished && !finishTold);
        if (!due && echo == 0) {
            return Optional.empty();
        }
        limit = Math.max(limit, room);
        consumedTold = received;
        finishTold = finished;
        int answered = echo;
        echo = 0;
        return Optional.of(new Window(received, limit, due && !finished ? growth.probe(received, now) : 0, answered));
    }

    /** The tunnel goes on elsewhere: the other end learns {@link #received} and {@link #limit} by the message that says so. */
    void moved() {
        limit = Math.max(limit, delivered + growth.window());
        consumedTold = received;
        finishTold = finished;
        echo = 0;
        growth.moved();
    }

    long roundTripNanos() {
        return growth.roundTripNanos();
    }

    void close() {
        growth.close();
        waiting.clear();
    }
}
