package dev.gatehouse.gateway.choice;

import dev.gatehouse.shared.custody.Custody;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gets from custody what {@link Affinity} needs, again and again until it is there: a gateway works without, sessions just choose anew. Thread-safe. */
public final class AffinityKey {

    private static final Duration AGAIN = Duration.ofSeconds(5);
    private static final Logger log = LoggerFactory.getLogger(AffinityKey.class);

    private final Vertx vertx;
    private final Custody custody;
    private volatile Optional<Affinity> affinity = Optional.empty();
    private volatile boolean stopped;

    public AffinityKey(Vertx vertx, Custody custody) {
        this.vertx = vertx;
        this.custody = custody;
    }

    public void start() {
        custody.derive(Affinity.PURPOSE)
                .onSuccess(key -> affinity = Optional.of(new Affinity(key)))
                .onFailure(cause -> {
                    if (!stopped) {
                        log.debug("No key for affinity yet", cause);
                        vertx.setTimer(AGAIN.toMillis(), again -> start());
                    }
                });
    }

    public Future<Void> stop() {
        stopped = true;
        return Future.succeededFuture();
    }

    /** Empty as long as custody has not answered since this gateway's start. */
    public Optional<Affinity> affinity() {
        return affinity;
    }
}
