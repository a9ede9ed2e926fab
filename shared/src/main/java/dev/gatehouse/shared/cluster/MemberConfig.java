package dev.gatehouse.shared.cluster;

import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.KubernetesConfig;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MultiMapConfig;
import com.hazelcast.config.ServerSocketEndpointConfig;
import dev.gatehouse.shared.settings.HostPort;
import java.util.List;
import java.util.Set;

/** Hazelcast's configuration of a member, all that matters said explicitly. Pure. */
final class MemberConfig {

    /** Copies of the bus's records: two members may die at once without losing a subscription. */
    private static final int BACKUPS = 2;

    /** Of a connection to another member; the kernel's own limit is minutes. */
    private static final int CONNECT_SECONDS = 3;

    private static final String ON = "true";
    private static final String OFF = "false";

    private MemberConfig() {}

    /** @param own where this member listens, an IP address and a port */
    static Config of(ClusterSettings settings, HostPort own, String nodeId, String nodeName, Set<Role> roles) {
        long limit = Math.max(2, settings.heartbeatLimit().toSeconds());
        Config config = new Config()
                .setClusterName(settings.name())
                .setProperty("hazelcast.logging.type", "slf4j")
                .setProperty("hazelcast.phone.home.enabled", OFF)
                .setProperty("hazelcast.shutdownhook.enabled", OFF) // our own ordered shutdown does it
                .setProperty("hazelcast.socket.bind.any", OFF)
                .setProperty("hazelcast.discovery.enabled", ON)
                .setProperty("hazelcast.wait.seconds.before.join", "0")
                .setProperty("hazelcast.tcp.join.port.try.count", "1")
                .setProperty("hazelcast.heartbeat.interval.seconds", "1")
                .setProperty("hazelcast.max.no.heartbeat.seconds", Long.toString(limit))
                // clusters that did not see each other find each other as fast as members miss each other
                .setProperty("hazelcast.merge.first.run.delay.seconds", Long.toString(limit))
                .setProperty("hazelcast.merge.next.run.delay.seconds", Long.toString(limit));
        config.getJetConfig().setEnabled(false);
        config.getMetricsConfig().setEnabled(false);
        config.getMemberAttributeConfig()
                .setAttribute(HazelcastMembers.ID, nodeId)
                .setAttribute(HazelcastMembers.NAME, nodeName)
                .setAttribute(HazelcastMembers.ROLES, HazelcastMembers.encode(roles));
        // an endpoint for members alone: the one for all protocols writes in a busy loop to a member that accepts and says
        // nothing, as a frozen one does, and keeps that thread's other connections from their heartbeats (hazelcast#26473)
        config.getAdvancedNetworkConfig().setEnabled(true).setMemberEndpointConfig(endpoint(own));
        join(config.getAdvancedNetworkConfig().getJoin(), settings, own);
        config.addMultiMapConfig(new MultiMapConfig("__vertx.subs")
                .setBackupCount(BACKUPS)
                .setValueCollectionType(MultiMapConfig.ValueCollectionType.SET));
        config.addMapConfig(new MapConfig("__vertx.nodeInfo").setBackupCount(BACKUPS));
        config.addMapConfig(new MapConfig("__vertx.haInfo").setBackupCount(BACKUPS));
        return config;
    }

    private static ServerSocketEndpointConfig endpoint(HostPort own) {
        ServerSocketEndpointConfig endpoint = new ServerSocketEndpointConfig();
        endpoint.setPort(own.port()).setPortAutoIncrement(false).setPublicAddress(own.toString());
        endpoint.setSocketConnectTimeoutSeconds(CONNECT_SECONDS)
                .setSocketTcpNoDelay(true)
                .setSocketKeepAlive(true);
        endpoint.getInterfaces().setEnabled(true).addInterface(own.host());
        return endpoint;
    }

    private static void join(JoinConfig join, ClusterSettings settings, HostPort own) {
        join.getAutoDetectionConfig().setEnabled(false);
        join.getMulticastConfig().setEnabled(false);
        join.getTcpIpConfig().setEnabled(false);
        switch (settings.discovery()) {
            case LIST -> named(join, settings.members(), own, false);
            case DNS -> named(join, List.of(new HostPort(service(settings), own.port())), own, true);
            case KUBERNETES -> {
                KubernetesConfig kubernetes = join.getKubernetesConfig().setEnabled(true);
                kubernetes.setProperty("service-dns", service(settings));
                kubernetes.setProperty("service-port", Integer.toString(own.port()));
            }
        }
    }

    private static void named(JoinConfig join, List<HostPort> names, HostPort own, boolean standsForAll) {
        join.getDiscoveryConfig().setDiscoveryServiceProvider(asked -> new NamedMembers(names, own, standsForAll));
    }

    private static String service(ClusterSettings settings) {
        return settings.serviceName()
                .orElseThrow(
                        () -> new IllegalArgumentException("cluster.serviceName is needed where cluster.discovery is "
                                + settings.discovery().name().toLowerCase(java.util.Locale.ROOT)));
    }
}
