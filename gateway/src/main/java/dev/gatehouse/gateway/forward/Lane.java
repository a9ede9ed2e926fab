package dev.gatehouse.gateway.forward;

import dev.gatehouse.shared.bus.ChunkBatch;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * The way from one gateway context to one worker: chunks wait here in the order in which they came, are cut into numbered batches, and stay until the worker has accepted them.
 *
 * <p>A batch that is refused or not answered is sent again to the same worker, alone; once it is accepted those after it follow in their order, so that nothing overtakes and a worker in need isn't flooded. At most {@link #CREDIT} bytes and {@link #MAX_IN_FLIGHT}
 * batches are without an answer at once.
 *
 * <p>Pure; times are {@link System#nanoTime()} values. Confined to its forwarder's context.
 */
final class Lane {

    /** Payload bytes that the worker has not answered for. */
    static final long CREDIT = 4L * ChunkBatch.MAX_BYTES;

    static final int MAX_IN_FLIGHT = 8;

    /** Batches in flight beyond which only full ones are cut: fewer messages under load, no delay without. */
    private static final int EAGER = 2;

    /** Within this a batch is answered, or sent again. */
    static final long ANSWER_NANOS = Duration.ofSeconds(2).toNanos();

    private static final long REST_NANOS = Duration.ofMillis(50).toNanos();
    private static final long LONGEST_REST_NANOS = Duration.ofSeconds(1).toNanos();

    /** Most items of one batch: bounds the work of a turn when chunks are tiny. */
    private static final int MAX_ITEMS = 4096;

    private enum State {
        FLOWING,
        /** Refused: nothing is sent until the rest is over. */
        RESTING,
        /** The oldest batch is sent alone, each two seconds, until it is accepted. */
        PROBING
    }

    private record Waiting(StreamChannel channel, Buffer payload) {}

    private static final class Sent {
        final ChunkBatch batch;
        final int bytes;
        long at;
        boolean accepted;

        Sent(ChunkBatch batch, int bytes, long at) {
            this.batch = batch;
            this.bytes = bytes;
            this.at = at;
        }
    }

    final String worker;
    final ChunkBatch.Sender sender;
    final Set<LinkStreams> links = new LinkedHashSet<>();
    final Openings openings;

    private final WorkerOutput output;
    private final RandomGenerator random;
    private final ArrayDeque<Waiting> queue = new ArrayDeque<>();
    private final ArrayDeque<Sent> inFlight = new ArrayDeque<>();
    private long queuedBytes;
    private long droppedBytes; // of the queued ones, those whose channel is closed
    private long inFlightBytes;
    private long lastNumber;
    private State state = State.FLOWING;
    private long restUntil;
    private int rests; // in a row

    Lane(String worker, ChunkBatch.Sender sender, WorkerOutput output, RandomGenerator random) {
        this.worker = worker;
        this.sender = sender;
        this.output = output;
        this.random = random;
        this.openings = new Openings(worker, sender, output, random);
    }

    void add(StreamChannel channel, Buffer payload) {
        queue.add(new Waiting(channel, payload));
        queuedBytes += payload.length();
        channel.queuedBytes += payload.length();
    }

    /** The channel is closed: its chunks that wait here are not sent any more. */
    void drop(StreamChannel channel) {
        droppedBytes += channel.queuedBytes;
        channel.queuedBytes = 0;
        if (droppedBytes > ChunkBatch.MAX_BYTES && droppedBytes > queuedBytes / 2) {
            queue.removeIf(waiting -> waiting.channel().state == StreamChannel.State.CLOSED);
            queuedBytes -= droppedBytes;
            droppedBytes = 0;
        }
    }

    /** Cuts and sends batches as far as credit allows. */
    void pump(long now) {
        while (state == State.FLOWING
                && !queue.isEmpty()
                && inFlight.size() < MAX_IN_FLIGHT
                && inFlightBytes < CREDIT) {
            if (inFlight.size() >= EAGER && queuedBytes < ChunkBatch.MAX_BYTES) {
                return;
            }
            cut(now);
        }
    }

    private void cut(long now) {
        List<ChunkBatch.Item> items = new ArrayList<>(Math.min(queue.size(), 64));
        int bytes = 0;
        while (!queue.isEmpty() && items.size() < MAX_ITEMS) {
            Waiting first = queue.peek();
            int length = first.payload().length();
            boolean closed = first.channel().state == StreamChannel.State.CLOSED;
            if (!closed && bytes + length > ChunkBatch.MAX_BYTES) {
                break;
            }
            queue.remove();
            queuedBytes -= length;
            if (closed) {
                droppedBytes -= length;
            } else {
                first.channel().queuedBytes -= length;
                bytes += length;
                items.add(new ChunkBatch.Item(first.channel().streamId, first.payload()));
            }
        }
        if (!items.isEmpty()) {
            Sent sent = new Sent(new ChunkBatch(sender, ++lastNumber, items), bytes, now);
            inFlight.add(sent);
            inFlightBytes += bytes;
            output.send(worker, sent.batch);
        }
    }

    void accepted(long number, long now) {
        Sent oldest = oldest();
        for (Sent sent : inFlight) {
            if (sent.batch.number() == number) {
                sent.accepted = true;
                rests = 0;
                break;
            }
        }
        while (!inFlight.isEmpty() && inFlight.peek().accepted) {
            inFlightBytes -= inFlight.remove().bytes;
        }
        if (state == State.PROBING && (oldest == null || oldest.accepted)) {
            state = State.FLOWING;
            inFlight.forEach(sent -> sendAgain(sent, now));
        }
        pump(now);
    }

    /** The worker has no room, or could not be asked. */
    void busy(long number, long now) {
        Sent oldest = oldest();
        boolean waitsForIt = state == State.PROBING
                ? oldest != null && oldest.batch.number() == number
                : inFlight.stream().anyMatch(sent -> sent.batch.number() == number && !sent.accepted);
        if (waitsForIt && state != State.RESTING) {
            long rest = Math.min(LONGEST_REST_NANOS, REST_NANOS << Math.min(rests, 10));
            rests++;
            state = State.RESTING;
            restUntil = now + rest / 2 + random.nextLong(rest);
        }
    }

    void tick(long now) {
        Sent oldest = oldest();
        if (oldest == null) {
            state = State.FLOWING;
        } else if (state == State.RESTING ? restUntil - now <= 0 : now - oldest.at >= ANSWER_NANOS) {
            state = State.PROBING;
            sendAgain(oldest, now);
        }
        openings.tick(now);
        pump(now);
    }

    private void sendAgain(Sent sent, long now) {
        if (!sent.accepted) {
            sent.at = now;
            output.send(worker, sent.batch);
        }
    }

    /** The first batch that is not accepted; null when all are. */
    private Sent oldest() {
        for (Sent sent : inFlight) {
            if (!sent.accepted) {
                return sent;
            }
        }
        return null;
    }

    /** Whether the worker has accepted all that there is. */
    boolean isAnswered() {
        return inFlight.isEmpty() && queue.isEmpty();
    }

    int batchesInFlight() {
        return inFlight.size();
    }

    long unansweredBytes() {
        return inFlightBytes;
    }

    long waitingBytes() {
        return queuedBytes - droppedBytes;
    }
}
