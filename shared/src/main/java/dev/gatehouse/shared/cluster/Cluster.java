package dev.gatehouse.shared.cluster;

import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MultiMapConfig;
import com.hazelcast.config.NetworkConfig;
import dev.gatehouse.shared.settings.HostPort;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.util.List;
import java.util.Set;

/**
 * A process as a member of the cluster: a clustered Vert.x and who else is there. A cluster of one is the same thing with nobody else.
 */
public record Cluster(Vertx vertx, Members members) {

    /** Copies of the bus's records: two members may die at once without losing a subscription. */
    private static final int BACKUPS = 2;

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
            VertxBuilder builder, VertxOptions options, ClusterSettings settings, String nodeId, Set<Role> roles) {
        HostPort own = LocalAddress.concrete(settings.bindingAddress());
        HostPort bus = LocalAddress.concrete(settings.busAddress());
        HazelcastClusterManager manager = new HazelcastClusterManager(config(settings, own, nodeId, roles));
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

    private static Config config(ClusterSettings settings, HostPort own, String nodeId, Set<Role> roles) {
        Config config = new Config()
                .setClusterName(settings.name())
                .setProperty("hazelcast.logging.type", "slf4j")
                .setProperty("hazelcast.phone.home.enabled", "false")
                .setProperty("hazelcast.shutdownhook.enabled", "false") // our own ordered shutdown does it
                .setProperty("hazelcast.socket.bind.any", "false")
                .setProperty("hazelcast.wait.seconds.before.join", "0")
                .setProperty("hazelcast.tcp.join.port.try.count", "1")
                .setProperty("hazelcast.heartbeat.interval.seconds", "1")
                .setProperty(
                        "hazelcast.max.no.heartbeat.seconds",
                        Long.toString(Math.max(2, settings.heartbeatLimit().toSeconds())));
        config.getJetConfig().setEnabled(false);
        config.getMetricsConfig().setEnabled(false);
        config.getMemberAttributeConfig()
                .setAttribute(HazelcastMembers.ID, nodeId)
                .setAttribute(HazelcastMembers.ROLES, HazelcastMembers.encode(roles));
        network(config.getNetworkConfig(), own, settings.members());
        config.addMultiMapConfig(new MultiMapConfig("__vertx.subs")
                .setBackupCount(BACKUPS)
                .setValueCollectionType(MultiMapConfig.ValueCollectionType.SET));
        config.addMapConfig(new MapConfig("__vertx.nodeInfo").setBackupCount(BACKUPS));
        config.addMapConfig(new MapConfig("__vertx.haInfo").setBackupCount(BACKUPS));
        return config;
    }

    private static void network(NetworkConfig network, HostPort own, List<HostPort> others) {
        network.setPort(own.port()).setPortAutoIncrement(false).setPublicAddress(own.toString());
        network.getInterfaces().setEnabled(true).addInterface(own.host());
        JoinConfig join = network.getJoin();
        join.getAutoDetectionConfig().setEnabled(false);
        join.getMulticastConfig().setEnabled(false);
        join.getTcpIpConfig().setEnabled(true);
        others.forEach(member -> join.getTcpIpConfig().addMember(member.toString()));
    }
}
