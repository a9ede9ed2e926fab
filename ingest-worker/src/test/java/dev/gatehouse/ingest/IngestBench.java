package dev.gatehouse.ingest;

import com.github.luben.zstd.Zstd;
import com.sun.management.OperatingSystemMXBean;
import dev.gatehouse.embedded.EmbeddedPostgres;
import dev.gatehouse.ingest.TestGateway.TestStream;
import dev.gatehouse.ingest.commit.CommitMeters;
import dev.gatehouse.ingest.commit.Committer;
import dev.gatehouse.ingest.commit.KillPoint;
import dev.gatehouse.ingest.commit.RecentEvents;
import dev.gatehouse.ingest.commit.TimePartitions;
import dev.gatehouse.ingest.index.IndexVerticle;
import dev.gatehouse.ingest.intake.Intake;
import dev.gatehouse.ingest.intake.IntakeVerticle;
import dev.gatehouse.ingest.writer.WriterRow;
import dev.gatehouse.protocol.message.Event;
import dev.gatehouse.protocol.message.StreamKind;
import dev.gatehouse.protocol.stream.Codec;
import dev.gatehouse.shared.bus.Addresses;
import dev.gatehouse.shared.bus.BusCodecs;
import dev.gatehouse.shared.bus.ChunkBatch;
import dev.gatehouse.shared.bus.Progress;
import dev.gatehouse.shared.postgres.Migrations;
import dev.gatehouse.shared.postgres.Postgres;
import dev.gatehouse.shared.postgres.PostgresSettings;
import dev.gatehouse.shared.settings.SettingsLoader;
import dev.gatehouse.shared.store.ObjectStore;
import dev.gatehouse.shared.store.StoreSettings;
import dev.gatehouse.shared.store.Stores;
import dev.gatehouse.shared.testing.TestNode;
import dev.gatehouse.shared.testing.TestServers;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.sqlclient.Pool;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Measures a worker alone, on an embedded database and a folder store: {@code recording}, {@code events} or {@code index}, and the seconds. Chunks are made beforehand; the figure is what the worker, the database
 * and the store take. Not a test: run by hand.
 */
@SuppressWarnings("SystemOut")
public final class IngestBench {

    private static final int STREAMS = 50;
    private static final int IN_FLIGHT = 4;

    private final Vertx vertx = Vertx.vertx();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final String worker = "worker";
    private Pool postgres;

    private IngestBench() {}

    public static void main(String[] arguments) throws Exception {
        new IngestBench().run(arguments[0], Integer.parseInt(arguments[1]));
        System.exit(0);
    }

    private void run(String what, int seconds) throws Exception {
        Path folder = Files.createTempDirectory(Path.of(System.getProperty("bench.folder", "/tmp")), "ingest-bench");
        BusCodecs.register(vertx);
        try (EmbeddedPostgres server = EmbeddedPostgres.start(folder.resolve("postgres"))) {
            PostgresSettings settings = TestServers.settings(server, "postgres");
            Migrations.run(settings, Duration.ofSeconds(30));
            postgres = Postgres.pool(vertx, settings);
            ObjectStore store = Stores.open(
                    vertx,
                    SettingsLoader.load(
                            StoreSettings.class,
                            Optional.empty(),
                            Map.of(),
                            Map.of("folder", folder.resolve("store").toString())));
            TestNode.get(TimePartitions.ofChunks(postgres).create(Instant.now(), 0, 2));
            TestNode.get(TimePartitions.ofEvents(postgres).create(Instant.now(), 1, 2));
            CommitMeters commitMeters = new CommitMeters(meters);
            RecentEvents recent = new RecentEvents(64 << 20);
            TestNode.get(vertx.deployVerticle(new IntakeVerticle(
                    new Committer.Parts(vertx, worker, postgres, store, TestWorker.LIMITS, KillPoint.Hook.NONE),
                    TestNode.get(new WriterRow(postgres).open(worker)),
                    new Intake.Limits(256 << 20, 100_000),
                    commitMeters,
                    recent)));
            IndexVerticle index = new IndexVerticle(
                    new IndexVerticle.Parts(postgres, store, 4096, meters, commitMeters::load), recent);
            long cpuBefore = cpu();
            if (what.equals("recording")) {
                send(StreamKind.SCREEN, seconds, recordings());
            } else if (what.equals("events")) {
                TestNode.get(vertx.deployVerticle(index));
                send(StreamKind.EVENTS, seconds, events());
            } else {
                send(StreamKind.EVENTS, 1, events());
                cpuBefore = cpu();
                long begun = System.nanoTime();
                TestNode.get(vertx.deployVerticle(index));
                Thread.sleep(seconds * 1000L);
                double rate = indexed() / ((System.nanoTime() - begun) / 1e9);
                System.out.printf("indexed %.0f events/s%n", rate);
            }
            System.out.printf(
                    "JVM %.2f CPU-s, %.0f events indexed, %.0f chunks in %.0f inline + %.0f objects%n",
                    (cpu() - cpuBefore) / 1e9,
                    indexed(),
                    meters.get("gatehouse.ingest.durable.chunks").counter().count(),
                    meters.get("gatehouse.ingest.segments")
                            .tag("where", "inline")
                            .counter()
                            .count(),
                    meters.get("gatehouse.ingest.segments")
                            .tag("where", "store")
                            .counter()
                            .count());
        }
    }

    private double indexed() {
        return meters.find("gatehouse.index.events").counter() == null
                ? 0
                : meters.get("gatehouse.index.events").counter().count();
    }

    private static long cpu() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    /** What a stream sends over and over, but for the sequence. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Template(byte[] bytes, int records, int plain, int events) {}

    private static Template recordings() {
        byte[] bytes = new byte[60_000];
        new Random(1).nextBytes(bytes);
        return new Template(bytes, 1, bytes.length, 0);
    }

    private static Template events() {
        Random random = new Random(1);
        long now = System.currentTimeMillis() * 1000;
        List<Event> events = IntStream.range(0, 200)
                .mapToObj(i ->
                        Chunks.event(now + i, "user" + random.nextInt(5), "application" + random.nextInt(20), "window")
                                .toBuilder()
                                .setText(random.ints(20, 0, 1000)
                                        .mapToObj(n -> "word" + n)
                                        .collect(Collectors.joining(" ")))
                                .build())
                .toList();
        byte[] plain = Chunks.plain(events);
        System.out.printf("%d bytes an event%n", plain.length / events.size());
        return new Template(Zstd.compress(plain), events.size(), plain.length, events.size());
    }

    private void send(StreamKind kind, int seconds, Template template) throws Exception {
        List<TestStream> streams =
                IntStream.range(0, STREAMS).mapToObj(i -> TestStream.of(kind)).toList();
        AtomicLong durable = new AtomicLong();
        Map<UUID, Long> nexts = new HashMap<>();
        TestGateway opener = new TestGateway(vertx, worker);
        String node = opener.sender().nodeId();
        streams.forEach(stream -> opener.opens(stream, 0, 0));
        vertx.eventBus()
                .<Progress>consumer(
                        Addresses.progress(node),
                        message -> message.body().items().forEach(item -> {
                            long before = nexts.getOrDefault(item.streamId(), 0L);
                            durable.addAndGet(Math.max(0, item.next() - before));
                            nexts.put(item.streamId(), item.next());
                        }));
        long[] sequences = new long[STREAMS];
        Semaphore inFlight = new Semaphore(IN_FLIGHT);
        int perBatch = Math.max(1, ChunkBatch.MAX_BYTES / (template.bytes().length + 100));
        long begun = System.nanoTime();
        long number = 0;
        int turn = 0;
        long sent = 0;
        while (System.nanoTime() - begun < seconds * 1_000_000_000L) {
            List<ChunkBatch.Item> items = new ArrayList<>(perBatch);
            for (int i = 0; i < perBatch; i++) {
                int stream = turn++ % STREAMS;
                items.add(new ChunkBatch.Item(streams.get(stream).id(), chunk(sequences[stream]++, template)));
            }
            sent += perBatch;
            inFlight.acquire();
            offer(new ChunkBatch(opener.sender(), ++number, items), inFlight);
            while (sent - durable.get() > 64L * perBatch) { // 64 MiB on their way
                Thread.sleep(1);
            }
        }
        while (durable.get() < sent) {
            Thread.sleep(1);
        }
        double took = (System.nanoTime() - begun) / 1e9;
        System.out.printf(
                "durable %.1f MB/s, %.0f chunks/s, %.0f events/s%n",
                sent * template.bytes().length / took / 1e6, sent / took, sent * template.events() / took);
        var timer = meters.get("gatehouse.ingest.commit").timer();
        System.out.printf("commits %d, mean %.2f ms%n", timer.count(), timer.mean(TimeUnit.MILLISECONDS));
    }

    private void offer(ChunkBatch batch, Semaphore inFlight) {
        vertx.eventBus()
                .<ChunkBatch.Reply>request(
                        Addresses.ingest(worker), batch, new DeliveryOptions().setSendTimeout(60_000))
                .onComplete(reply -> {
                    if (reply.succeeded() && reply.result().body() == ChunkBatch.Reply.ACCEPTED) {
                        inFlight.release();
                    } else {
                        vertx.setTimer(20, again -> offer(batch, inFlight));
                    }
                });
    }

    private static Buffer chunk(long sequence, Template template) {
        return Chunks.of(
                sequence,
                template.records(),
                template.events() == 0 ? Codec.NONE : Codec.ZSTD,
                template.plain(),
                sequence * template.plain(),
                Optional.empty(),
                Buffer.buffer(template.bytes()));
    }
}
