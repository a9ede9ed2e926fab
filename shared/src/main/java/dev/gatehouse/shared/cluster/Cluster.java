package dev.gatehouse.shared.cluster;

import dev.gatehouse.shared.settings.HostPort;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.util.Set;

/**
 * A process as a member of the cluster: a clustered Vert.x and who else is there. A cluster of one is the same thing with nobody else.
 */
public record Cluster(Vertx vertx, HazelcastMembers members) {

    private static final int PING_MILLIS = 5_000;
    private static final int PING_REPLY_MILLIS = 5_000;
    private static final int CONNECT_MILLIS = 3_000;
    private static final int BACKLOG = 1_024;

    /** The addresses that other members dial: what a node's certificate must name. */
    public static Set<String> addresses(ClusterSettings settings) {
        return Set.of(LocalAddress.host(settings.busAddress()));
    }

    /**
     * Joins, or begins, the cluster. Fails when an address cannot be bound.
     *
     * @param options with the TLS of the event bus
     */
    public static Future<Cluster> join(
            VertxBuilder builder,
            VertxOptions options,
            ClusterSettings settings,
            String nodeId,
            String nodeName,
            Set<Role> roles) {
        HostPort own = LocalAddress.concrete(settings.bindingAddress());
        HostPort bus = LocalAddress.concrete(settings.busAddress());
        HazelcastClusterManager manager =
                new HazelcastClusterManager(MemberConfig.of(settings, own, nodeId, nodeName, roles));
        options.getEventBusOptions()
                .setHost(bus.host())
                .setPort(bus.port())
                .setClusterPingInterval(PING_MILLIS)
                .setClusterPingReplyInterval(PING_REPLY_MILLIS)
                .setConnectTimeout(CONNECT_MILLIS)
                .setAcceptBacklog(BACKLOG)
                .setReconnectAttempts(0) // whoever sends repeats, to whoever is there then
                .setTcpNoDelay(true)
                .setTcpKeepAlive(true);
        return builder.with(options)
                .withClusterManager(manager)
                .buildClustered()
                .map(vertx -> new Cluster(vertx, new HazelcastMembers(manager.getHazelcastInstance())));
    }
}
