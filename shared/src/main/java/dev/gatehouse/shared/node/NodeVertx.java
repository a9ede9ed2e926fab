package dev.gatehouse.shared.node;

import dev.gatehouse.shared.cluster.Cluster;
import dev.gatehouse.shared.cluster.ClusterSettings;
import dev.gatehouse.shared.cluster.Role;
import dev.gatehouse.shared.trust.NodeIdentity;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The Vert.x of a process: options, metrics, membership. */
final class NodeVertx {

    /** For Vert.x's own and the cluster's blocking work; what blocks in services has named pools of its own. */
    private static final int WORKERS = 16;

    private static final int INTERNAL_WORKERS = 8;

    private NodeVertx() {}

    static Future<Cluster> join(
            ClusterSettings settings, NodeIdentity identity, NodeName name, Set<Role> roles, MeterRegistry meters) {
        VertxOptions options = options(name.id());
        BusTls.apply(options.getEventBusOptions(), identity);
        return Cluster.join(
                Vertx.builder().withMetrics(new NodeMetrics(meters)), options, settings, name.id(), name.name(), roles);
    }

    private static VertxOptions options(String nodeId) {
        return new VertxOptions()
                .setPreferNativeTransport(true)
                .setEventLoopPoolSize(2 * Math.max(2, Runtime.getRuntime().availableProcessors()))
                .setWorkerPoolSize(WORKERS)
                .setInternalBlockingPoolSize(INTERNAL_WORKERS)
                .setBlockedThreadCheckInterval(1)
                .setBlockedThreadCheckIntervalUnit(TimeUnit.SECONDS)
                .setMaxEventLoopExecuteTime(2)
                .setMaxEventLoopExecuteTimeUnit(TimeUnit.SECONDS)
                .setMetricsOptions(new MicrometerMetricsOptions()
                        .setEnabled(true)
                        .setRegistryName(nodeId) // two nodes of one JVM must not share a registry
                        .setJvmMetricsEnabled(true));
    }
}
