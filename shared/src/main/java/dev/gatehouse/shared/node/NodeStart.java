package dev.gatehouse.shared.node;

import dev.gatehouse.shared.audit.Audit;
import dev.gatehouse.shared.bus.BusCodecs;
import dev.gatehouse.shared.cluster.Cluster;
import dev.gatehouse.shared.cluster.Members;
import dev.gatehouse.shared.cluster.Quorum;
import dev.gatehouse.shared.cluster.Role;
import dev.gatehouse.shared.custody.IdentityException;
import dev.gatehouse.shared.custody.NodeCertificates;
import dev.gatehouse.shared.custody.NodeIdentities;
import dev.gatehouse.shared.postgres.Migrations;
import dev.gatehouse.shared.postgres.Postgres;
import dev.gatehouse.shared.redis.PooledRedis;
import dev.gatehouse.shared.redis.RedisRefusedException;
import dev.gatehouse.shared.settings.HostPort;
import dev.gatehouse.shared.settings.SettingsLoader;
import dev.gatehouse.shared.status.Health.Effect;
import dev.gatehouse.shared.status.NodeHealth;
import dev.gatehouse.shared.status.StatusServer;
import dev.gatehouse.shared.store.ObjectStore;
import dev.gatehouse.shared.store.StoreSettings;
import dev.gatehouse.shared.trust.NodeIdentity;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The start of a process, one step after the other on the calling thread: certificate, cluster, status endpoint, database, Redis, store, services. Each step adds to the shutdown what undoes it; a step that fails undoes those before and ends the start.
 */
public final class NodeStart {

    /** For what is inside this process or on this host. */
    private static final Duration STEP_LIMIT = Duration.ofSeconds(30);

    /** For a service, which may have to wait for others. */
    private static final Duration SERVICE_LIMIT = Duration.ofSeconds(60);

    /** A step's limit beyond the time that it takes on purpose. */
    private static final Duration SLACK = Duration.ofSeconds(1);

    /** What is in memory. */
    private static final Duration CHECK_LIMIT = Duration.ofSeconds(1);

    private static final Logger log = LoggerFactory.getLogger(NodeStart.class);

    private final Settings settings;
    private final BiFunction<Vertx, StoreSettings, ObjectStore> openStore;
    private final Set<Role> roles;
    private final NodeName name;
    private final OrderedShutdown shutdown;
    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    private NodeStart(Settings settings, Set<Role> roles, BiFunction<Vertx, StoreSettings, ObjectStore> openStore) {
        this.settings = settings;
        this.roles = roles;
        this.openStore = openStore;
        this.name = NodeName.of(settings.node(), roles);
        this.shutdown = new OrderedShutdown(settings.node().shutdownLimit());
    }

    /**
     * Blocks until all services do their work.
     *
     * @throws StartException when one cannot; by then everything begun is undone
     */
    public static RunningNode start(
            Settings settings, List<Service> services, BiFunction<Vertx, StoreSettings, ObjectStore> openStore) {
        Set<Role> roles = services.stream().map(Service::role).collect(Collectors.toUnmodifiableSet());
        NodeStart start = new NodeStart(settings, roles, openStore);
        try {
            return start.run(services);
        } catch (RuntimeException e) {
            log.error("Start failed: {}", e.getMessage());
            start.shutdown.run();
            throw StartException.of("start", e);
        }
    }

    private RunningNode run(List<Service> services) {
        long begun = System.nanoTime();
        log.info(
                "Node {} {} starts as {}: {}",
                name.id(),
                NodeName.VERSION,
                words(),
                SettingsLoader.effective(settings));
        NodeIdentities identities = new NodeIdentities(
                settings.custody(), settings.node().directory(), name.name(), ReachedAt.of(settings, roles));
        NodeIdentity identity = obtain(identities);
        Cluster cluster = await("cluster", STEP_LIMIT, joinCluster(identity));
        Vertx vertx = cluster.vertx();
        BusCodecs.register(vertx);
        BusCodecs.count(meters);
        Sickness sickness = new Sickness();
        await(
                "self-probe",
                STEP_LIMIT,
                vertx.deployVerticle(new SelfProbe(
                        name.id(), cluster.members(), settings.cluster().heartbeatLimit(), sickness)));
        NameClaim.await(cluster.members(), name.name(), settings.cluster().heartbeatLimit());
        Certificates certificates = new Certificates(vertx, identities, identity);
        shutdown.add("end the watch over certificates", Duration.ofSeconds(1), certificates::stop);
        NodeHealth health = new NodeHealth(vertx);
        HostPort statusAddress = settings.endpoints().status().bindingAddress();
        StatusServer status = await(
                "status endpoint",
                STEP_LIMIT,
                StatusServer.start(vertx, statusAddress, health, meters)
                        .recover(cause -> Future.failedFuture(
                                StartException.notBound("endpoints.status.bindingAddress", statusAddress, cause))));
        shutdown.add("close the status endpoint", Duration.ofSeconds(2), status::close);

        Migrations.run(settings.postgres(), settings.postgres().startWait());
        Pool postgres = Postgres.pool(vertx, settings.postgres());
        shutdown.add("close the database pool", Duration.ofSeconds(3), postgres::close);
        PooledRedis redis = redis(vertx);
        ObjectStore store = openStore.apply(vertx, settings.store());
        shutdown.add("close the store", Duration.ofSeconds(5), () -> closed(store));
        if (settings.custody().directory().isPresent()) {
            await(
                    "certificate",
                    STEP_LIMIT,
                    NodeCertificates.record(postgres, new Audit(name.id()), identity.certificate(), ""));
        }
        health.register("cluster", Effect.DOWN, CHECK_LIMIT, sickness::check);
        quorum(health, cluster.members());
        certificates.register(health, meters);
        Dependencies.register(health, roles, postgres, redis, store);

        NodeRow row = new NodeRow(
                postgres, name.identity(words(), settings.endpoints(), status.port(), certificates.busEnd()));
        NodeHeartbeat heartbeat = await("node row", STEP_LIMIT, NodeHeartbeat.start(vertx, row));
        shutdown.add("say gone", Duration.ofSeconds(2), heartbeat::stop);

        Node node = new Node(
                name.id(),
                NodeName.VERSION,
                vertx,
                settings,
                cluster.members(),
                postgres,
                redis,
                store,
                meters,
                health,
                certificates,
                shutdown);
        for (Service service : services) {
            await(service.role().word(), SERVICE_LIMIT, service.start(node));
        }
        if (roles.contains(Role.GATEWAY) || roles.contains(Role.ADMIN_API)) {
            shutdown.add(
                    "wait until balancers have taken note",
                    grace().plus(SLACK),
                    () -> vertx.timer(Math.max(1, grace().toMillis()), TimeUnit.MILLISECONDS)
                            .mapEmpty());
        }
        shutdown.add("say draining", Duration.ofSeconds(2), () -> {
            sickness.leaving();
            health.draining();
            return heartbeat.change(NodeRow.State.DRAINING);
        });
        health.started();
        await("node row", STEP_LIMIT, heartbeat.change(NodeRow.State.READY));
        new Reachability(settings.endpoints(), roles, identity.ca()).check();
        log.info("Node {} is ready after {} ms", name.id(), (System.nanoTime() - begun) / 1_000_000);
        return new RunningNode(node, shutdown, status.port(), sickness);
    }

    private void quorum(NodeHealth health, Members members) {
        int expected = settings.cluster().expectedBackgroundWorkers();
        if (expected % 2 == 0) {
            log.warn(
                    "cluster.expectedBackgroundWorkers {} is even: as many may die as with {}", expected, expected - 1);
        }
        health.register("quorum", Effect.DEGRADED, CHECK_LIMIT, () -> {
            Quorum quorum = Quorum.of(settings.cluster(), members);
            return quorum.met() ? Future.succeededFuture() : Future.failedFuture(quorum.toString());
        });
    }

    private static NodeIdentity obtain(NodeIdentities identities) {
        try {
            return identities.obtain();
        } catch (IdentityException e) {
            throw StartException.of(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartException("certificate: interrupted", e);
        }
    }

    private Future<Cluster> joinCluster(NodeIdentity identity) {
        return NodeVertx.join(settings.cluster(), identity, name, roles, meters)
                .onSuccess(cluster -> shutdown.add("leave the cluster", Duration.ofSeconds(10), cluster.vertx()::close))
                .recover(cause -> Future.failedFuture(StartException.of(
                        "cluster.bindingAddress " + settings.cluster().bindingAddress() + ", cluster.busAddress "
                                + settings.cluster().busAddress() + ": the cluster cannot be joined",
                        cause)));
    }

    /** Redis that is away makes the node degraded; only a Redis of the wrong kind ends the start. */
    private PooledRedis redis(Vertx vertx) {
        PooledRedis redis = new PooledRedis(vertx, settings.redis());
        shutdown.add("close Redis", Duration.ofSeconds(2), () -> closed(redis));
        Future<Void> known = redis.check().recover(cause -> {
            if (cause instanceof RedisRefusedException) {
                return Future.failedFuture(new StartException(cause.getMessage(), cause));
            }
            log.warn("Redis {} does not answer, going on without: {}", redis.where(), cause.getMessage());
            return Future.succeededFuture();
        });
        await("redis", STEP_LIMIT, known);
        return redis;
    }

    private Duration grace() {
        return settings.node().balancerGrace();
    }

    private String words() {
        return roles.stream().sorted().map(Role::word).collect(Collectors.joining(","));
    }

    private static Future<Void> closed(AutoCloseable resource) {
        try {
            resource.close();
            return Future.succeededFuture();
        } catch (Exception e) {
            return Future.failedFuture(e);
        }
    }

    private static <T> T await(String step, Duration limit, Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw StartException.of(step, e.getCause());
        } catch (TimeoutException e) {
            throw new StartException(step + ": not done within " + limit.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartException(step + ": interrupted", e);
        }
    }
}
