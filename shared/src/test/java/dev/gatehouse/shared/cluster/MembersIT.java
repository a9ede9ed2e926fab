package dev.gatehouse.shared.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.shared.testing.TestNode;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class MembersIT {

    @Test
    void everyMemberSeesWhoIsThereAndWhoLeaves() {
        try (TestNode one = TestNode.start(Role.GATEWAY)) {
            Members members = one.node().members();
            AtomicInteger changes = new AtomicInteger();
            List<Member> left = new CopyOnWriteArrayList<>();
            members.onChange(changes::incrementAndGet);
            members.onLeave(left::add);
            // WHEN a second one joins
            Member two;
            try (TestNode other = TestNode.with(Role.INGEST_WORKER, Role.ADMIN_API)
                    .beside(one)
                    .start()) {
                two = new Member(other.node().id(), Set.of(Role.INGEST_WORKER, Role.ADMIN_API));
                // THEN both see both, with all roles
                assertThat(members.with(Role.INGEST_WORKER)).containsExactly(two);
                assertThat(members.with(Role.ADMIN_API)).containsExactly(two);
                assertThat(other.node().members().with(Role.GATEWAY))
                        .containsExactly(new Member(one.node().id(), Set.of(Role.GATEWAY)));
                await().atMost(Duration.ofSeconds(30)).until(() -> changes.get() == 1);
            }
            // WHEN it has left, THEN that is told
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(left).containsExactly(two));
            assertThat(members.with(Role.INGEST_WORKER)).isEmpty();
        }
    }

    @Test
    void clustersOfDifferentNamesDoNotJoin() {
        try (TestNode one = TestNode.start(Role.GATEWAY);
                TestNode two = TestNode.with(Role.GATEWAY)
                        .beside(one)
                        .set("cluster.name", "another")
                        .start()) {
            assertThat(two.node().members().with(Role.GATEWAY)).hasSize(1);
        }
    }
}
