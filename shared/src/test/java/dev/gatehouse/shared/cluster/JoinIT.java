package dev.gatehouse.shared.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.instance.impl.HazelcastInstanceProxy;
import com.hazelcast.internal.cluster.impl.ClusterServiceImpl;
import dev.gatehouse.shared.node.StartException;
import dev.gatehouse.shared.testing.TestNode;
import dev.gatehouse.shared.testing.TestServers;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Members that find each other, in whatever order they come, and names that are taken. */
class JoinIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private final int first = TestServers.freePort();
    private final int second = TestServers.freePort();

    @Test
    void aSeedThatIsMissingKeepsNobodyAndJoinsWhenItComes() {
        // GIVEN a node that knows the other, which is not there
        try (TestNode one = node(first, "127.0.0.1:" + second)) {
            assertThat(one.node().members().all()).hasSize(1);
            // WHEN the other comes, which knows the first
            try (TestNode two = node(second, "127.0.0.1:" + first)) {
                // THEN they are one cluster
                assertThat(two.node().members().all()).hasSize(2);
                await().atMost(PATIENCE).until(() -> one.node().members().all().size() == 2);
            }
        }
    }

    @Test
    void ofTwoPartsThatFindEachOtherAgainOneSaysThatItMustBeStartedAnew() {
        try (TestNode one = node(first, "127.0.0.1:" + second);
                TestNode two = node(second, "127.0.0.1:" + first)) {
            // GIVEN members that have lost each other
            Set<HazelcastInstance> ours = Hazelcast.getAllHazelcastInstances().stream()
                    .filter(member -> Set.of(first, second)
                            .contains(member.getCluster()
                                    .getLocalMember()
                                    .getAddress()
                                    .getPort()))
                    .collect(Collectors.toSet());
            ours.forEach(JoinIT::suspectOthers);
            // WHEN they look for each other THEN one gives way, and does not go on as it is
            await().atMost(PATIENCE).until(() -> one.sick() || two.sick());
        }
    }

    /** As if nothing had been heard of them for the heartbeat limit. */
    private static void suspectOthers(HazelcastInstance member) {
        ClusterServiceImpl cluster =
                ((HazelcastInstanceProxy) member).getOriginal().node.getClusterService();
        member.getCluster().getMembers().stream()
                .filter(other -> !other.localMember())
                .forEach(other -> cluster.suspectMember(other, "test", true));
    }

    @Test
    void aNameIsItsOldersAsLongAsThatLives() {
        try (TestNode older =
                TestNode.with(Role.GATEWAY).set("node.name", "twin").start()) {
            assertThatThrownBy(() -> TestNode.with(Role.GATEWAY)
                            .beside(older)
                            .set("node.name", "twin")
                            .set("cluster.heartbeatLimit", "1s")
                            .start())
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining("node.name: \"twin\" is the name of a node that is alive, "
                            + older.node().id());
        }
    }

    private static TestNode node(int port, String members) {
        TestNode.Builder builder = TestNode.with(Role.GATEWAY)
                .set("cluster.bindingAddress", "127.0.0.1:" + port)
                .set("cluster.heartbeatLimit", "3s");
        return (members.isEmpty() ? builder : builder.set("cluster.members", members)).start();
    }
}
