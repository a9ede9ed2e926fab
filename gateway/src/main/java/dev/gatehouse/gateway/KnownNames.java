package dev.gatehouse.gateway;

import dev.gatehouse.shared.record.ResourceRecords;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The names of all resources that there are, also of those that nobody offers now: so that a user is told which of the two it is. A copy, {@link #PERIOD} old at most while the database answers. Thread-safe. */
final class KnownNames {

    private static final Duration PERIOD = Duration.ofSeconds(5);
    private static final Logger log = LoggerFactory.getLogger(KnownNames.class);

    private final Vertx vertx;
    private final ResourceRecords records;
    private volatile Set<String> names = Set.of();
    private volatile boolean stopped;

    private KnownNames(Vertx vertx, ResourceRecords records) {
        this.vertx = vertx;
        this.records = records;
    }

    static KnownNames follow(Vertx vertx, ResourceRecords records) {
        KnownNames known = new KnownNames(vertx, records);
        known.read();
        return known;
    }

    boolean contains(String name) {
        return names.contains(name);
    }

    Future<Void> stop() {
        stopped = true;
        return Future.succeededFuture();
    }

    private void read() {
        records.names()
                .onSuccess(read -> names = Set.copyOf(read))
                .onFailure(cause -> log.debug("The names of resources are not read", cause))
                .onComplete(done -> {
                    if (!stopped) {
                        vertx.setTimer(PERIOD.toMillis(), again -> read());
                    }
                });
    }
}
