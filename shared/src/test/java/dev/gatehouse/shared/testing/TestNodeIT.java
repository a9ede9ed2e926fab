package dev.gatehouse.shared.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.shared.cluster.Member;
import dev.gatehouse.shared.cluster.Role;
import io.vertx.redis.client.Command;
import org.junit.jupiter.api.Test;

class TestNodeIT {

    @Test
    void givesANodeWithEverything() {
        try (TestNode test = TestNode.start(Role.GATEWAY)) {
            assertThat(test.node().members().with(Role.GATEWAY))
                    .extracting(Member::id)
                    .containsExactly(test.node().id());
            assertThat(TestNode.get(test.node()
                            .postgres()
                            .query("select count(*) from agent")
                            .execute()))
                    .hasSize(1);
            assertThat(TestNode.get(test.node().redis().send(Command.PING)).toString())
                    .isEqualTo("PONG");
        }
    }

    @Test
    void twoNodesAreOneCluster() {
        try (TestNode one = TestNode.start(Role.GATEWAY);
                TestNode two = TestNode.with(Role.INGEST_WORKER).beside(one).start()) {
            assertThat(one.node().members().with(Role.INGEST_WORKER))
                    .extracting(Member::id)
                    .containsExactly(two.node().id());
        }
    }
}
