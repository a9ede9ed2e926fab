package dev.gatehouse.shared.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.config.AdvancedNetworkConfig;
import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.ServerSocketEndpointConfig;
import com.hazelcast.instance.EndpointQualifier;
import com.hazelcast.spi.discovery.DiscoveryNode;
import dev.gatehouse.shared.settings.HostPort;
import dev.gatehouse.shared.settings.SettingsLoader;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MemberConfigTest {

    private static final HostPort OWN = new HostPort("127.0.0.1", 5701);

    @Test
    void nothingIsLeftToDefaultsThatTalkToStrangersOrForget() {
        Config config = config(Map.of("heartbeatLimit", "15s"));
        assertThat(config.getMultiMapConfig("__vertx.subs").getBackupCount()).isEqualTo(2);
        assertThat(config.getMapConfig("__vertx.nodeInfo").getBackupCount()).isEqualTo(2);
        assertThat(config.getProperty("hazelcast.phone.home.enabled")).isEqualTo("false");
        assertThat(config.getProperty("hazelcast.max.no.heartbeat.seconds")).isEqualTo("15");
        assertThat(config.getProperty("hazelcast.heartbeat.interval.seconds")).isEqualTo("1");
        assertThat(config.getProperty("hazelcast.merge.next.run.delay.seconds")).isEqualTo("15");
        JoinConfig join = config.getAdvancedNetworkConfig().getJoin();
        assertThat(join.getMulticastConfig().isEnabled()).isFalse();
        assertThat(join.getAutoDetectionConfig().isEnabled()).isFalse();
        assertThat(join.getKubernetesConfig().isEnabled()).isFalse();
    }

    /** The endpoint for all protocols has a busy loop that a frozen member starts. */
    @Test
    void onlyMembersAreSpokenWithAndAtOnePlaceAlone() {
        AdvancedNetworkConfig network = config(Map.of()).getAdvancedNetworkConfig();
        assertThat(network.isEnabled()).isTrue();
        assertThat(network.getEndpointConfigs().keySet()).containsExactly(EndpointQualifier.MEMBER);
        ServerSocketEndpointConfig member =
                (ServerSocketEndpointConfig) network.getEndpointConfigs().get(EndpointQualifier.MEMBER);
        assertThat(member.getPort()).isEqualTo(5701);
        assertThat(member.isPortAutoIncrement()).isFalse();
        assertThat(member.getPublicAddress()).isEqualTo("127.0.0.1:5701");
        assertThat(member.getInterfaces().getInterfaces()).containsExactly("127.0.0.1");
        assertThat(member.getSocketConnectTimeoutSeconds()).isEqualTo(3);
    }

    @Test
    void inKubernetesTheHeadlessServiceIsLookedUp() {
        JoinConfig join = config(Map.of("discovery", "kubernetes", "serviceName", "cluster.gatehouse.svc"))
                .getAdvancedNetworkConfig()
                .getJoin();
        assertThat(join.getKubernetesConfig().isEnabled()).isTrue();
        assertThat(join.getKubernetesConfig().getProperty("service-dns")).isEqualTo("cluster.gatehouse.svc");
        assertThat(join.getKubernetesConfig().getProperty("service-port")).isEqualTo("5701");
        assertThatThrownBy(() -> config(Map.of("discovery", "kubernetes")))
                .hasMessage("cluster.serviceName is needed where cluster.discovery is kubernetes");
    }

    @Test
    void everyAddressOfAServicesNameIsAMemberAndAnUnknownNameIsNoError() {
        assertThat(found(new NamedMembers(List.of(new HostPort("localhost", 7)), OWN, false)))
                .contains("127.0.0.1:7");
        assertThat(found(new NamedMembers(
                        List.of(new HostPort("nobody.invalid", 1), new HostPort("127.0.0.2", 2)), OWN, false)))
                .containsExactly("127.0.0.2:2");
        assertThat(found(new NamedMembers(List.of(new HostPort("localhost", 5701)), OWN, true)))
                .contains("127.0.0.1:5701");
    }

    private static List<String> found(NamedMembers members) {
        return java.util.stream.StreamSupport.stream(members.discoverNodes().spliterator(), false)
                .map(DiscoveryNode::getPrivateAddress)
                .map(address -> address.getHost() + ":" + address.getPort())
                .toList();
    }

    private static Config config(Map<String, String> settings) {
        return MemberConfig.of(
                SettingsLoader.load(ClusterSettings.class, Optional.empty(), Map.of(), settings),
                OWN,
                "id",
                "name",
                Set.of(Role.GATEWAY));
    }
}
