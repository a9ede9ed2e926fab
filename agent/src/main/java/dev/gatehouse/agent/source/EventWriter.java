package dev.gatehouse.agent.source;

import dev.gatehouse.agent.spool.ChunkDraft;
import dev.gatehouse.agent.spool.Spool;
import dev.gatehouse.agent.spool.StreamInfo;
import dev.gatehouse.agent.spool.StreamView;
import dev.gatehouse.protocol.message.Event;
import dev.gatehouse.protocol.message.StreamKind;
import dev.gatehouse.protocol.stream.Chunk;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Collects the events of one stream into chunks. A chunk is cut when it is full, at once when nothing of the stream is on its way, and otherwise after {@link #LINGER}: few events are acknowledged fast, many are packed well.
 *
 * <p>The stream is the one that an earlier run of the agent left open, and is followed by a new one after {@link #ROTATION}.
 *
 * <p>Thread-safe; {@link #add} blocks while the spool is full.
 */
public final class EventWriter {

    static final Duration LINGER = Duration.ofMillis(200);
    static final Duration ROTATION = Duration.ofHours(24);

    /** An event's text is shorter than this, in bytes of UTF-8, so that one always fits into a chunk. */
    public static final int MAX_TEXT = 56 * 1024;

    private static final String MEDIA_TYPE = "application/vnd.gatehouse.events";

    private final Spool spool;
    private final String name;
    private final String subject;
    private final EventTicker ticker;
    private final ReentrantLock lock = new ReentrantLock();
    private final EventBatch batch = new EventBatch();
    private final Packer packer = new Packer(true);
    private StreamInfo stream;
    private long firstAddedNanos;

    EventWriter(Spool spool, String name, String subject, EventTicker ticker) {
        this.spool = spool;
        this.name = name;
        this.subject = subject;
        this.ticker = ticker;
        this.stream = spool.streams().stream()
                .filter(view -> !view.finished())
                .map(StreamView::info)
                .filter(info -> info.kind() == StreamKind.EVENTS
                        && info.name().equals(name)
                        && info.subject().equals(subject))
                .findFirst()
                .orElse(null);
    }

    /** Adds an event that comes from nowhere that could be read again. */
    public void add(Event event) throws InterruptedException {
        add(event, null, 0);
    }

    /** Adds an event. Once it is in the spool, {@code place} has been read up to {@code position}. */
    public void add(Event event, Place place, long position) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            int bytes = event.getSerializedSize() + Integer.BYTES;
            if (bytes > Chunk.MAX_BYTES) {
                throw new IllegalArgumentException("event of " + bytes + " bytes; at most " + Chunk.MAX_BYTES
                        + " are allowed, of which text should be at most " + MAX_TEXT);
            }
            if (batch.bytes() + bytes > packer.target() && !batch.isEmpty()) {
                store(true);
            }
            if (batch.isEmpty()) {
                firstAddedNanos = System.nanoTime();
                ticker.wake();
            }
            batch.add(event, place, position);
        } finally {
            lock.unlock();
        }
    }

    /** Puts what is there into the spool. */
    public void flush() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            store(true);
        } finally {
            lock.unlock();
        }
    }

    /** Puts what is there into the spool if it is time and there is space. @return whether something still waits */
    boolean tick(long nowNanos) throws InterruptedException {
        if (!lock.tryLock()) {
            return true; // somebody is adding
        }
        try {
            if (!batch.isEmpty() && (nowNanos - firstAddedNanos >= LINGER.toNanos() || !isOnItsWay())) {
                store(false);
            }
            return !batch.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    private boolean isOnItsWay() {
        return stream != null
                && spool.stream(stream.id())
                        .filter(view -> view.synced() > view.acked())
                        .isPresent();
    }

    private void store(boolean wait) throws InterruptedException {
        while (!batch.isEmpty()) {
            int count = batch.count();
            Optional<Packer.Packed> packed = pack(count);
            while (packed.isEmpty()) {
                count = Math.max(1, count / 2);
                packed = pack(count);
            }
            if (!put(count, packed.get(), wait)) {
                return;
            }
            batch.removeFirst(count);
        }
    }

    private Optional<Packer.Packed> pack(int count) {
        int length = batch.start(count);
        Optional<Packer.Packed> packed =
                length > Packer.MAX_PLAIN ? Optional.empty() : packer.pack(batch.array(), 0, length);
        if (packed.isEmpty() && count == 1) {
            throw new IllegalStateException(
                    "event of " + length + " bytes fits into no chunk; its text must stay below " + MAX_TEXT);
        }
        return packed;
    }

    private boolean put(int count, Packer.Packed packed, boolean wait) throws InterruptedException {
        long now = System.currentTimeMillis() * 1000;
        if (stream == null
                || spool.stream(stream.id()).filter(view -> !view.finished()).isEmpty()) {
            stream = spool.openStream(
                            new StreamInfo(UUID.randomUUID(), StreamKind.EVENTS, subject, MEDIA_TYPE, name, now))
                    .info();
        }
        boolean last = Math.abs(now - stream.openedAt()) > ROTATION.toMillis() * 1000;
        ChunkDraft draft = new ChunkDraft(
                batch.firstTime(count),
                batch.lastTime(count),
                count,
                packed.codec(),
                batch.start(count),
                true,
                packed.bytes(),
                last ? Optional.of(ChunkDraft.NO_HASH) : Optional.empty());
        if (wait) {
            spool.put(stream.id(), draft, batch.checkpoints(count));
            return true;
        }
        return spool.offer(stream.id(), draft, batch.checkpoints(count));
    }
}
