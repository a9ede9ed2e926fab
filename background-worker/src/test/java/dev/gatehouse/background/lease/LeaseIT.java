package dev.gatehouse.background.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.shared.cluster.Role;
import dev.gatehouse.shared.testing.TestNode;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class LeaseIT {

    private static final TestNode test = TestNode.start(Role.BACKGROUND_WORKER);

    @AfterAll
    static void close() {
        test.close();
    }

    @Test
    void passesFromOneToTheNextAndNeverToTwo() {
        LeaseRow row = new LeaseRow(test.node().postgres());
        // GIVEN a master
        MasterLease.Answer first = TestNode.get(row.contend("a"));
        assertThat(first.holder()).isEqualTo("a");
        assertThat(first.remaining()).isPositive().isLessThanOrEqualTo(MasterLease.TTL);
        // WHEN another asks THEN it is only told who holds it, and a renewal keeps the epoch
        assertThat(TestNode.get(row.contend("b")).holder()).isEqualTo("a");
        assertThat(TestNode.get(row.contend("a")).epoch()).isEqualTo(first.epoch());
        // WHEN the master gives it back THEN the next takes it at once, under a higher epoch
        TestNode.get(row.resign("a"));
        MasterLease.Answer second = TestNode.get(row.contend("b"));
        assertThat(second.holder()).isEqualTo("b");
        assertThat(second.epoch()).isEqualTo(first.epoch() + 1);
        // AND the resignation of one who no longer holds it changes nothing
        TestNode.get(row.resign("a"));
        assertThat(TestNode.get(row.contend("a")).holder()).isEqualTo("b");
        TestNode.get(row.resign("b"));
    }

    @Test
    void aMasterThatFellSilentIsFollowed() {
        // GIVEN two candidates
        List<OptionalLong> toldA = new CopyOnWriteArrayList<>();
        List<OptionalLong> toldB = new CopyOnWriteArrayList<>();
        LeaseVerticle a = new LeaseVerticle("verticle-a", test.node().postgres(), toldA::add);
        LeaseVerticle b = new LeaseVerticle("verticle-b", test.node().postgres(), toldB::add);
        String deployedA = TestNode.get(test.node().vertx().deployVerticle(a));
        await().atMost(Duration.ofSeconds(30)).until(a::isMaster);
        String deployedB = TestNode.get(test.node().vertx().deployVerticle(b));
        // WHEN the master ends without a word
        TestNode.get(test.node().vertx().undeploy(deployedA));
        // THEN the other follows, under a higher epoch
        await().atMost(Duration.ofSeconds(30)).until(b::isMaster);
        assertThat(toldB.getLast().getAsLong()).isGreaterThan(toldA.getFirst().getAsLong());
        // AND stops at once when it resigns
        TestNode.get(b.resign());
        assertThat(b.isMaster()).isFalse();
        assertThat(toldB.getLast()).isEmpty();
        TestNode.get(test.node().vertx().undeploy(deployedB));
    }
}
