package dev.gatehouse.ingest;

import dev.gatehouse.ingest.commit.CommitLimits;
import dev.gatehouse.ingest.commit.CommitMeters;
import dev.gatehouse.ingest.commit.Committer;
import dev.gatehouse.ingest.commit.KillPoint;
import dev.gatehouse.ingest.commit.RecentEvents;
import dev.gatehouse.ingest.commit.TimePartitions;
import dev.gatehouse.ingest.index.IndexVerticle;
import dev.gatehouse.ingest.intake.Intake;
import dev.gatehouse.ingest.intake.IntakeVerticle;
import dev.gatehouse.ingest.orphan.OrphanCollector;
import dev.gatehouse.ingest.writer.WriterRow;
import dev.gatehouse.shared.cluster.Role;
import dev.gatehouse.shared.node.Node;
import dev.gatehouse.shared.node.Service;
import dev.gatehouse.shared.settings.CaptureSettings;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The ingest-worker: makes captured data durable, then indexes it. */
public final class IngestService implements Service {

    private static final Logger log = LoggerFactory.getLogger(IngestService.class);

    /** Streams that a worker keeps in memory at most: 100,000 take about 60 MB. */
    private static final int MAX_STREAMS = 100_000;

    /** Event chunks that are kept for the indexer after their commit. */
    private static final long RECENT_BYTES = 64 * 1024 * 1024;

    private static final Duration INDEX_STEP = Duration.ofSeconds(10);
    private static final Duration SHORT_STEP = Duration.ofSeconds(3);

    private final KillPoint.Hook hook;

    public IngestService() {
        this(KillPoint.Hook.NONE);
    }

    /** With a hook that may end it anywhere, for tests. */
    IngestService(KillPoint.Hook hook) {
        this.hook = hook;
    }

    @Override
    public Role role() {
        return Role.INGEST_WORKER;
    }

    @Override
    public Future<Void> start(Node node) {
        WriterRow writers = new WriterRow(node.postgres());
        return createPartitions(node)
                .compose(done -> writers.open(node.id()))
                .compose(writer -> {
                    CaptureSettings settings = node.settings().capture();
                    CommitMeters meters = new CommitMeters(node.meters());
                    RecentEvents recent = new RecentEvents(RECENT_BYTES);
                    IntakeVerticle intake = new IntakeVerticle(
                            new Committer.Parts(
                                    node.vertx(),
                                    node.id(),
                                    node.postgres(),
                                    node.store(),
                                    CommitLimits.of(settings),
                                    hook),
                            writer,
                            new Intake.Limits(settings.workerBudget().bytes(), MAX_STREAMS),
                            meters,
                            recent);
                    return node.vertx()
                            .deployVerticle(indexer(node, meters, recent))
                            .onSuccess(id -> node.shutdown()
                                    .add(
                                            "stop indexing",
                                            INDEX_STEP,
                                            () -> node.vertx().undeploy(id)))
                            .compose(id -> node.vertx().deployVerticle(intake))
                            .onSuccess(id -> {
                                keepAlive(node, writers, intake);
                                stopInOrder(node, writers, intake);
                            });
                })
                .mapEmpty();
    }

    private static Future<Void> createPartitions(Node node) {
        Instant now = Instant.now();
        return TimePartitions.ofChunks(node.postgres())
                .create(now, 0, 2)
                .compose(done -> TimePartitions.ofEvents(node.postgres()).create(now, 1, 2));
    }

    private static IndexVerticle indexer(Node node, CommitMeters meters, RecentEvents recent) {
        return new IndexVerticle(
                new IndexVerticle.Parts(
                        node.postgres(),
                        node.store(),
                        node.settings().capture().indexBatch(),
                        node.meters(),
                        meters::load),
                recent);
    }

    private static void keepAlive(Node node, WriterRow writers, IntakeVerticle intake) {
        long seen = node.vertx()
                .setPeriodic(
                        WriterRow.SEEN.toMillis(),
                        timer -> intake.writer()
                                .compose(writers::seen)
                                .onFailure(cause -> {})); // said again in ten seconds; an hour of silence closes the
        // writer
        long partitions = node.vertx().setPeriodic(TimePartitions.PERIOD.toMillis(), timer -> createPartitions(node));
        OrphanCollector orphans = new OrphanCollector(
                node.postgres(), node.store(), node.settings().capture().orphanAfter());
        long collector = node.vertx()
                .setPeriodic(
                        OrphanCollector.PERIOD.toMillis(),
                        timer -> orphans.collect(Instant.now())
                                .onFailure(cause -> log.warn("Orphans not collected, trying again later", cause)));
        node.shutdown().add("stop the worker's timers", SHORT_STEP, () -> {
            node.vertx().cancelTimer(seen);
            node.vertx().cancelTimer(partitions);
            node.vertx().cancelTimer(collector);
            return Future.succeededFuture();
        });
    }

    /** Taken from the end: first nothing new is taken, then what was taken becomes durable, then the writer closes. The intake answers MOVED until the node has left the cluster: a gateway that hears nothing would wait until then. */
    private static void stopInOrder(Node node, WriterRow writers, IntakeVerticle intake) {
        node.shutdown()
                .add("close the writer", SHORT_STEP, () -> intake.writer().compose(writers::close));
        node.shutdown().add("answer commits in flight", Duration.ofSeconds(10), intake::leave);
    }
}
