package dev.gatehouse.ingest;

import dev.gatehouse.ingest.commit.CommitLimits;
import dev.gatehouse.ingest.commit.CommitMeters;
import dev.gatehouse.ingest.commit.Committer;
import dev.gatehouse.ingest.commit.KillPoint;
import dev.gatehouse.ingest.commit.RecentEvents;
import dev.gatehouse.ingest.intake.Intake;
import dev.gatehouse.ingest.intake.IntakeVerticle;
import dev.gatehouse.ingest.writer.WriterRow;
import dev.gatehouse.shared.store.ObjectStore;
import dev.gatehouse.shared.testing.TestNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/** Intake and commit of a worker without the rest of a node; can die as if its process had: all that is in memory is gone and nothing more is done. */
public final class TestWorker implements AutoCloseable {

    public static final CommitLimits LIMITS = new CommitLimits(64 * 1024, 16 * 1024 * 1024, 4);

    /** What a worker dies of. */
    private static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private final String id = "worker-" + UUID.randomUUID();
    private final Vertx vertx;
    private final String deployment;
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final CommitMeters meters = new CommitMeters(registry);
    private volatile boolean crashed;

    public TestWorker(Vertx vertx, Pool postgres, ObjectStore store) {
        this(vertx, postgres, store, 64 << 20, KillPoint.BEFORE_PUT, 0);
    }

    /** @param nth time at which the point is fatal; 0: never */
    public TestWorker(Vertx vertx, Pool postgres, ObjectStore store, long budget, KillPoint fatal, int nth) {
        this.vertx = vertx;
        AtomicInteger reached = new AtomicInteger();
        deployment = deploy(postgres, store, budget, point -> {
            crashed |= point == fatal && reached.incrementAndGet() == nth;
            if (crashed) {
                throw new Crash();
            }
        });
    }

    public TestWorker(Vertx vertx, Pool postgres, ObjectStore store, KillPoint.Hook hook) {
        this.vertx = vertx;
        deployment = deploy(postgres, store, 64 << 20, hook);
    }

    private String deploy(Pool postgres, ObjectStore store, long budget, KillPoint.Hook hook) {
        UUID writer = TestNode.get(new WriterRow(postgres).open(id));
        return TestNode.get(vertx.deployVerticle(new IntakeVerticle(
                new Committer.Parts(vertx, id, postgres, store, LIMITS, hook),
                writer,
                new Intake.Limits(budget, 1000),
                meters,
                new RecentEvents(0))));
    }

    public String id() {
        return id;
    }

    /** How its commit path fares. */
    public CommitMeters.Load load() {
        return meters.load();
    }

    /** Streams that were stopped, as its metric says. */
    public double refusedStreams() {
        return registry.get("gatehouse.ingest.streams.refused").counter().count();
    }

    public double commitFailures() {
        return registry.get("gatehouse.ingest.commit.failures").counter().count();
    }

    public double storeFailures() {
        return registry.get("gatehouse.ingest.store.failures").counter().count();
    }

    public boolean crashed() {
        return crashed;
    }

    /** Everything that is in memory is gone. */
    @Override
    public void close() {
        crashed = true;
        TestNode.get(vertx.undeploy(deployment));
    }
}
