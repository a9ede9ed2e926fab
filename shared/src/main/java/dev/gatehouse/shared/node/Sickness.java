package dev.gatehouse.shared.node;

import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Why this process must not go on as it is, once there is a reason: others have gone on without it. Whoever runs it is told once, and ends it so that it is started anew. Thread-safe. */
public final class Sickness {

    private static final Logger log = LoggerFactory.getLogger(Sickness.class);

    private Optional<String> reason = Optional.empty();
    private Optional<Consumer<String>> listener = Optional.empty();
    private boolean leaving;

    void report(String found) {
        Optional<Consumer<String>> told;
        synchronized (this) {
            if (reason.isPresent() || leaving) {
                return;
            }
            reason = Optional.of(found);
            told = listener;
        }
        log.error("This node is sick and must be started anew: {}", found);
        told.ifPresent(one -> one.accept(found));
    }

    /** @param told the reason, on any thread, at most once */
    void onReport(Consumer<String> told) {
        Optional<String> known;
        synchronized (this) {
            listener = Optional.of(told);
            known = reason;
        }
        known.ifPresent(told);
    }

    /** The node leaves anyway: what is found from now on is no news. */
    synchronized void leaving() {
        leaving = true;
    }

    /** As a check of the node's health. */
    synchronized Future<Void> check() {
        return reason.map(Future::<Void>failedFuture).orElseGet(Future::succeededFuture);
    }
}
