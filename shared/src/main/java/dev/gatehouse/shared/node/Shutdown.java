package dev.gatehouse.shared.node;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.function.Supplier;

/** The ordered list of what a process does to stop. Steps run one after the other, last added first, each within its own time. Thread-safe. */
public interface Shutdown {

    /**
     * @param name for the log, such as "answer commits in flight"
     *
     * @param limit after which the next step is taken anyway
     */
    void add(String name, Duration limit, Supplier<Future<Void>> step);
}
