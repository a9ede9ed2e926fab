package dev.gatehouse.shared.status;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.function.Supplier;

/** What decides {@code /upcheck} and {@code /health/ready}. Thread-safe. */
public interface Health {

    /** What a failing check means for this process. */
    enum Effect {
        /** It cannot do its work: 503. */
        DOWN,
        /** It works with less: 200, the reason is shown. */
        DEGRADED
    }

    /**
     * @param check succeeds when all is well; asked at most once a second, under the limit
     */
    void register(String name, Effect effect, Duration limit, Supplier<Future<Void>> check);

    /** From now on not ready, whatever the checks say: the process is leaving. */
    void draining();
}
