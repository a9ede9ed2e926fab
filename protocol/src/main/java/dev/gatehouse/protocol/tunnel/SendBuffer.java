package dev.gatehouse.protocol.tunnel;

import dev.gatehouse.protocol.message.ErrorCode;
import dev.gatehouse.protocol.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * What one end of a tunnel has to send, and what it keeps until the other end has taken it over. The half-close takes the number after the last byte and is confirmed and sent again like a byte.
 *
 * <p>Pure; confined to its tunnel's context.
 */
final class SendBuffer {

    /** With so much unsent the local connection should not be read any more. */
    static final int ENOUGH = 256 * 1024;

    private static final Buffer HALF_CLOSE = Buffer.buffer();

    private final Deque<Buffer> unconfirmed = new ArrayDeque<>(4);
    private final Deque<Buffer> unsent = new ArrayDeque<>(4);
    private long base; // number of the first that is kept
    private long next; // number of the next to be sent
    private long end; // total bytes written
    private long highest; // total that were ever sent, the half-close counted
    private long limit;
    private boolean finished;

    /** Adds bytes of the local connection. */
    void write(Buffer bytes) {
        if (finished) {
            throw new IllegalStateException("bytes after the half-close");
        }
        if (bytes.length() > 0) {
            unsent.add(bytes);
            end += bytes.length();
        }
    }

    /** The local connection sends nothing more. */
    void finish() {
        finished = true;
    }

    boolean isFull() {
        return end - next >= ENOUGH;
    }

    /** The payload of the next DATA, empty bytes for the half-close; nothing if all is sent or the limit is reached. */
    Optional<Buffer> next(int most) {
        Buffer head = unsent.peek();
        if (head == null) {
            if (!finished || next != end) {
                return Optional.empty();
            }
            sent(1);
            return Optional.of(HALF_CLOSE);
        }
        int count = (int) Math.min(Math.min(head.length(), most), limit - next);
        if (count <= 0) {
            return Optional.empty();
        }
        unsent.remove();
        Buffer piece = count == head.length() ? head : head.slice(0, count);
        if (count < head.length()) {
            unsent.addFirst(head.slice(count, head.length()));
        }
        unconfirmed.add(piece);
        sent(count);
        return Optional.of(piece);
    }

    /** Whether {@link #next} has something. */
    boolean hasNext() {
        return unsent.isEmpty() ? finished && next == end : limit > next;
    }

    /** What WINDOW says. A limit lower than one before changes nothing. */
    void confirmed(long consumed, long newLimit) throws ProtocolException {
        if (consumed > highest) {
            throw new ProtocolException(
                    ErrorCode.BAD_MESSAGE, "consumed " + consumed + " of a tunnel; " + highest + " were sent");
        }
        limit = Math.max(limit, newLimit);
        forget(consumed);
    }

    /** The tunnel goes on elsewhere, and the other end has taken over so much: what is above is sent again. */
    void resume(long consumed, long newLimit) throws ProtocolException {
        if (consumed < base) {
            throw new ProtocolException(
                    ErrorCode.BAD_MESSAGE, "consumed " + consumed + " of a tunnel; " + base + " was said before");
        }
        confirmed(consumed, newLimit);
        limit = newLimit; // the gateways of another way may grant less than those before
        while (!unconfirmed.isEmpty()) {
            unsent.addFirst(unconfirmed.removeLast());
        }
        next = base;
    }

    /** Whether all bytes and the half-close were taken over. */
    boolean isDone() {
        return finished && base == end + 1;
    }

    /** Bytes that were taken over from the local connection. */
    long total() {
        return end;
    }

    private void sent(int count) {
        next += count;
        highest = Math.max(highest, next);
    }

    private void forget(long consumed) {
        while (base < consumed) {
            Buffer head = unconfirmed.isEmpty() ? null : unconfirmed.remove();
            if (head == null) { // the half-close, or what was sent before a resume and is not sent again yet
                head = unsent.poll();
                next = Math.max(next, base + (head == null ? 1 : Math.min(head.length(), consumed - base)));
            }
            if (head == null) {
                base++;
            } else if (base + head.length() <= consumed) {
                base += head.length();
            } else {
                int done = (int) (consumed - base);
                Buffer rest = head.slice(done, head.length());
                base = consumed;
                if (next > base) {
                    unconfirmed.addFirst(rest);
                } else {
                    unsent.addFirst(rest);
                }
            }
        }
    }
}
