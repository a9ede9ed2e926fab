package dev.gatehouse.agent.source;

import dev.gatehouse.agent.spool.Spool;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The agent's event streams, and the thread that cuts their chunks when it is time. Thread-safe. */
public final class EventTicker implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(EventTicker.class);
    private static final Duration TICK = Duration.ofMillis(2);
    private static final Duration IDLE = Duration.ofSeconds(1);

    private record Key(String name, String subject) {}

    private final Spool spool;
    private final Map<Key, EventWriter> writers = new ConcurrentHashMap<>();
    private final Thread thread;
    private volatile boolean closed;

    public EventTicker(Spool spool) {
        this.spool = spool;
        this.thread = Thread.ofPlatform().name("event-ticker").daemon().start(this::run);
    }

    /** The writer of a kind of source's stream; the same for the same name and subject. */
    public EventWriter writer(String name, String subject) {
        return writers.computeIfAbsent(new Key(name, subject), key -> new EventWriter(spool, name, subject, this));
    }

    void wake() {
        LockSupport.unpark(thread);
    }

    private void run() {
        try {
            while (!closed) {
                boolean waiting = false;
                for (EventWriter writer : writers.values()) {
                    waiting |= writer.tick(System.nanoTime());
                }
                LockSupport.parkNanos((waiting ? TICK : IDLE).toNanos());
            }
        } catch (InterruptedException | RuntimeException e) {
            log.error("Events are no longer cut into chunks by time", e);
        }
    }

    /** Puts what waits into the spool; nothing may be added any more. */
    @Override
    public void close() {
        closed = true;
        wake();
        try {
            thread.join(Duration.ofSeconds(5));
            for (EventWriter writer : writers.values()) {
                writer.tick(System.nanoTime() + EventWriter.LINGER.toNanos());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
