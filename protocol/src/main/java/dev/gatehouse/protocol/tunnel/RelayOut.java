package dev.gatehouse.protocol.tunnel;

import dev.gatehouse.protocol.message.ErrorCode;
import dev.gatehouse.protocol.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Where one direction of a tunnel leaves a gateway: what waits for room in the link, and how much more the gateway lets come. It may grant less than the receiving end does, so that a link that is slow holds little memory, but never less than it has granted before.
 *
 * <p>Pure; confined to the link it leaves by.
 */
public final class RelayOut {

    /** Each tunnel gets so much, whatever the others hold. */
    static final long LEAST = 64 * 1024;

    /** Room that is free again is told when it is this part of what may be on its way. */
    private static final int PART = 4;

    private final Deque<Buffer> waiting = new ArrayDeque<>(4);
    private final WindowBudget budget;
    private long forwarded;
    private long consumed;
    private long endLimit;
    private long granted;
    private boolean finished;
    private boolean closed;

    /**
     * @param consumed the number that the direction begins with on this attachment
     *
     * @param endLimit what the receiving end takes
     */
    public RelayOut(WindowBudget budget, long consumed, long endLimit) {
        this.budget = budget;
        this.forwarded = consumed;
        this.consumed = consumed;
        this.endLimit = endLimit;
        this.granted = consumed;
        raise();
    }

    /** The limit to tell the sending end. */
    public long granted() {
        return granted;
    }

    public void add(Buffer payload) {
        waiting.add(payload);
    }

    public boolean hasNext() {
        return !waiting.isEmpty();
    }

    /** The next payload to go out. */
    public Optional<Buffer> next() {
        Buffer payload = waiting.poll();
        if (payload == null) {
            return Optional.empty();
        }
        if (payload.length() == 0) {
            finished = true;
        }
        forwarded += payload.length();
        giveBack(payload.length());
        return Optional.of(payload);
    }

    /**
     * The receiving end's WINDOW.
     *
     * @return what the sending end is to be told
     */
    public Window window(Window window) throws ProtocolException {
        long most = forwarded + (finished ? 1 : 0);
        if (window.consumed() > most) {
            throw new ProtocolException(
                    ErrorCode.BAD_MESSAGE, "consumed " + window.consumed() + " of a tunnel; " + most + " were sent");
        }
        consumed = Math.max(consumed, window.consumed());
        endLimit = Math.max(endLimit, window.limit());
        raise();
        return new Window(consumed, granted, window.probe(), window.echo());
    }

    /** What the sending end is to be told after something went out, if that is worth a frame. */
    public Optional<Window> tell() {
        long before = granted;
        long possible = Math.min(endLimit, forwarded + WindowGrowth.MOST);
        if (possible - granted < Math.max(LEAST, granted - forwarded) / PART) {
            return Optional.empty();
        }
        raise();
        return granted > before ? Optional.of(Window.of(consumed, granted)) : Optional.empty();
    }

    /** Gives back what it held. */
    public void close() {
        if (!closed) {
            closed = true;
            giveBack(granted - forwarded);
            waiting.clear();
        }
    }

    private void raise() {
        long outstanding = granted - forwarded;
        long wanted = Math.min(endLimit - granted, WindowGrowth.MOST - outstanding);
        if (wanted > 0) {
            long taken = budget.take(wanted);
            long least = Math.min(wanted, LEAST - outstanding);
            if (taken < least) {
                budget.takeAnyway(least - taken);
                taken = least;
            }
            granted += taken;
        }
    }

    private void giveBack(long bytes) {
        budget.giveBack(bytes);
    }
}
