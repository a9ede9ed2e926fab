package dev.gatehouse.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.ingest.commit.KillPoint;
import dev.gatehouse.shared.cluster.Role;
import dev.gatehouse.shared.store.ObjectStore;
import dev.gatehouse.shared.testing.TestNode;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A worker dies at each place where something is done and the next thing is not: what was acknowledged is durable, and in the end each chunk is stored once. */
class KillPointsIT {

    private static final TestNode test = TestNode.start(Role.INGEST_WORKER);

    private final Vertx vertx = test.node().vertx();
    private final Pool postgres = test.node().postgres();
    private final ObjectStore store = test.node().store();

    @AfterAll
    static void close() {
        test.close();
    }

    @ParameterizedTest
    @EnumSource
    void diesAndNothingIsLostOrDoubled(KillPoint point) {
        TestSpool spool = new TestSpool(60, point.name().hashCode());
        try (TestGateway gateway = new TestGateway(vertx, "")) {
            for (int nth : new int[] {1, 2, 5}) {
                try (TestWorker dying = new TestWorker(vertx, postgres, store, 64 << 20, point, nth)) {
                    spool.send(gateway, dying);
                    assertThat(dying.crashed() || nth > 1).isTrue();
                }
            }
            try (TestWorker last = new TestWorker(vertx, postgres, store)) {
                spool.send(gateway, last);
            }
        }
        spool.verify(postgres, store);
    }
}
