package dev.gatehouse.shared.node;

import dev.gatehouse.shared.custody.IdentityException;
import dev.gatehouse.shared.custody.NodeIdentities;
import dev.gatehouse.shared.node.EndpointsSettings.Endpoint;
import dev.gatehouse.shared.status.Health;
import dev.gatehouse.shared.status.Health.Effect;
import dev.gatehouse.shared.trust.NodeIdentity;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificates of a process, kept fresh while it runs: files that change are read again, the node's own is replaced in its last third. Endpoints follow without dropping a connection; the bus cannot, and shows the first one until the process is restarted. Thread-safe.
 */
public final class Certificates {

    /** Between looks at files and clock. */
    private static final Duration PERIOD = Duration.ofSeconds(10);

    /** Between attempts to renew. */
    private static final Duration RENEWAL_PAUSE = Duration.ofMinutes(1);

    /** With so little left for the bus the node says so. */
    private static final Duration TOO_LATE = Duration.ofDays(5);

    private static final Duration CHECK_LIMIT = Duration.ofSeconds(1);

    /** For a renewal, which waits for custody as long as a start does. */
    private static final Duration LIMIT = Duration.ofMinutes(10);

    private static final Logger log = LoggerFactory.getLogger(Certificates.class);

    private final NodeIdentities identities;
    private final NodeIdentity onBus;
    private final WorkerExecutor worker;
    private final Vertx vertx;
    private final long timer;
    private final List<Followed> followed = new CopyOnWriteArrayList<>();
    private volatile NodeIdentity identity;
    private Instant nextRenewal = Instant.MIN; // confined to the worker, which has one thread

    private static final class Followed {
        final String name;
        final Endpoint endpoint;
        final Function<EndpointKeys, Future<?>> update;
        EndpointKeys shown;
        String problem = "";

        Followed(String name, Endpoint endpoint, EndpointKeys shown, Function<EndpointKeys, Future<?>> update) {
            this.name = name;
            this.endpoint = endpoint;
            this.shown = shown;
            this.update = update;
        }
    }

    /** @param identity that the bus shows */
    Certificates(Vertx vertx, NodeIdentities identities, NodeIdentity identity) {
        this(vertx, identities, identity, PERIOD);
    }

    Certificates(Vertx vertx, NodeIdentities identities, NodeIdentity identity, Duration period) {
        this.vertx = vertx;
        this.identities = identities;
        this.identity = identity;
        this.onBus = identity;
        this.worker = vertx.createSharedWorkerExecutor(
                "certificates-" + System.identityHashCode(this), 1, LIMIT.toSeconds(), TimeUnit.SECONDS);
        this.timer = vertx.setPeriodic(
                period.toMillis(), tick -> worker.executeBlocking(this::look).onFailure(this::failed));
    }

    /** Says how long the bus has left: as a check, and in days as {@code gatehouse_bus_certificate_days}. */
    void register(Health health, MeterRegistry meters) {
        health.register(
                "bus certificate",
                Effect.DEGRADED,
                CHECK_LIMIT,
                () -> busLeft().compareTo(TOO_LATE) > 0
                        ? Future.succeededFuture()
                        : Future.failedFuture("ends at " + busEnd() + "; restart this node before"));
        Gauge.builder("gatehouse.bus.certificate.days", () -> busLeft().toHours() / 24.0)
                .description("Days until the certificate that the bus shows ends; the process must be restarted before")
                .register(meters);
    }

    private Duration busLeft() {
        return Duration.between(Instant.now(), busEnd());
    }

    /** The node's newest. */
    public NodeIdentity identity() {
        return identity;
    }

    /** When the certificate that the bus shows ends; the process must be restarted before. */
    public Instant busEnd() {
        return onBus.end();
    }

    /** What the endpoint is to show now. Blocking. */
    public EndpointKeys keys(String name, Endpoint endpoint) throws IOException {
        return EndpointKeys.read(name, endpoint, identity);
    }

    /**
     * Has an endpoint show new keys as soon as there are some.
     *
     * @param shown at present
     */
    public void follow(String name, Endpoint endpoint, EndpointKeys shown, Function<EndpointKeys, Future<?>> update) {
        followed.add(new Followed(name, endpoint, shown, update));
    }

    Future<Void> stop() {
        vertx.cancelTimer(timer);
        return worker.close();
    }

    private Void look() throws InterruptedException {
        renewIfDue();
        for (Followed one : followed) {
            try {
                EndpointKeys now = keys(one.name, one.endpoint);
                if (!now.equals(one.shown)) {
                    one.shown = now;
                    one.update
                            .apply(now)
                            .onSuccess(done -> log.info("The {} endpoint shows its new certificate", one.name))
                            .onFailure(cause -> log.error(
                                    "The {} endpoint goes on with its old certificate: the new one will not do",
                                    one.name,
                                    cause));
                }
                one.problem = "";
            } catch (IOException e) {
                if (!one.problem.equals(e.getMessage())) {
                    log.warn("The {} endpoint goes on with its old certificate: {}", one.name, e.getMessage());
                }
                one.problem = String.valueOf(e.getMessage());
            }
        }
        return null;
    }

    private void renewIfDue() throws InterruptedException {
        Instant now = Instant.now();
        if (now.isBefore(identity.renewAt()) || now.isBefore(nextRenewal)) {
            return;
        }
        nextRenewal = now.plus(RENEWAL_PAUSE);
        try {
            identity = identities.renew();
            log.warn(
                    "Endpoints show the node's new certificate; the bus shows the old one until a restart, which must be before {}",
                    onBus.end());
        } catch (IdentityException e) {
            log.warn("The node's certificate, which ends at {}, is not renewed: {}", identity.end(), e.getMessage());
        }
    }

    private void failed(Throwable cause) {
        log.debug("A look at the certificates was cut off", cause);
    }
}
