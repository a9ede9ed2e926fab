package dev.gatehouse.agent.uplink;

import dev.gatehouse.agent.ledger.Ledger;
import dev.gatehouse.agent.spool.Spool;
import dev.gatehouse.agent.spool.StreamView;
import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of acknowledgements: a line for each chunk in the ledger, where there is one, and then the spool forgets them. Forks go the same way, so that they find the spool as the acknowledgements before left it.
 *
 * <p>Thread-safe; works on the executor's thread, of which there must be one.
 */
final class Acks {

    private static final Logger log = LoggerFactory.getLogger(Acks.class);

    private final Spool spool;
    private final Optional<Ledger> ledger;
    private final ExecutorService executor;
    private final Map<UUID, Long> waiting = new LinkedHashMap<>();
    private boolean scheduled;
    private volatile Optional<Long> last = Optional.empty();

    Acks(Spool spool, Optional<Ledger> ledger, ExecutorService executor) {
        this.spool = spool;
        this.ledger = ledger;
        this.executor = executor;
    }

    /** When there was something, in milliseconds since the epoch. */
    Optional<Long> last() {
        return last;
    }

    void acked(UUID stream, long next) {
        last = Optional.of(System.currentTimeMillis());
        if (ledger.isEmpty()) {
            spool.acked(stream, next);
            return;
        }
        synchronized (waiting) {
            waiting.merge(stream, next, Math::max);
            schedule();
        }
    }

    void fork(Action.Fork fork, Runnable done) {
        executor.execute(() -> {
            work();
            try {
                spool.fork(fork.stream(), fork.from(), UUID.randomUUID());
                done.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // closing: forked again after the next start
            }
        });
    }

    private void schedule() {
        if (!scheduled) {
            scheduled = true;
            executor.execute(this::work);
        }
    }

    private void work() {
        while (true) {
            UUID stream;
            long next;
            synchronized (waiting) {
                scheduled = false;
                Iterator<Map.Entry<UUID, Long>> first = waiting.entrySet().iterator();
                if (!first.hasNext()) {
                    return;
                }
                Map.Entry<UUID, Long> entry = first.next();
                stream = entry.getKey();
                next = entry.getValue();
                first.remove();
            }
            try {
                Optional<StreamView> view = spool.stream(stream);
                if (view.isPresent()) {
                    ledger.orElseThrow().acked(view.get(), next);
                }
                spool.acked(stream, next);
            } catch (IOException e) {
                log.error("Ledger not written; what it is about is kept and acknowledged again: {}", e.toString());
            }
        }
    }
}
