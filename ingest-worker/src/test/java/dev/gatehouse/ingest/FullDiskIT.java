package dev.gatehouse.ingest;

import static org.awaitility.Awaitility.await;

import dev.gatehouse.embedded.EmbeddedPostgres;
import dev.gatehouse.shared.bus.BusCodecs;
import dev.gatehouse.shared.postgres.Migrations;
import dev.gatehouse.shared.postgres.Postgres;
import dev.gatehouse.shared.postgres.PostgresSettings;
import dev.gatehouse.shared.settings.SettingsLoader;
import dev.gatehouse.shared.store.ObjectStore;
import dev.gatehouse.shared.store.StoreSettings;
import dev.gatehouse.shared.store.Stores;
import dev.gatehouse.shared.testing.SmallDisk;
import dev.gatehouse.shared.testing.TestNode;
import dev.gatehouse.shared.testing.TestServers;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleSupplier;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The disk under the database, or under the store, is full for a while: acknowledgements stop, nothing is lost, and all goes on once there is room. */
class FullDiskIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** So many chunks are acknowledged before the disk is filled. */
    private static final long GOOD = 40;

    /** So many failures in a row, without an acknowledgement in between, are a standstill. */
    private static final int STANDSTILL = 4;

    @TempDir
    Path folder;

    private final Vertx vertx = Vertx.vertx();
    private final AtomicLong failuresAtAck = new AtomicLong();
    private SmallDisk disk;
    private EmbeddedPostgres server;
    private Pool postgres;
    private ObjectStore store;

    @BeforeEach
    void register() {
        BusCodecs.register(vertx);
    }

    @AfterEach
    void stop() throws Exception {
        if (postgres != null) {
            TestNode.get(postgres.close());
            store.close();
            server.close();
            disk.close();
        }
        TestNode.get(vertx.close());
    }

    @Test
    void underTheDatabase() throws Exception {
        disk = SmallDisk.mount(folder, 160);
        start(disk.folder(), folder.resolve("store"));
        fillAndFree(TestWorker::commitFailures);
    }

    @Test
    void underTheStore() throws Exception {
        disk = SmallDisk.mount(folder, 32);
        start(folder.resolve("postgres"), disk.folder());
        fillAndFree(TestWorker::storeFailures);
    }

    private void fillAndFree(ToDoubleFunction<TestWorker> failures) throws Exception {
        TestSpool spool = new TestSpool(300, 3);
        AtomicBoolean filled = new AtomicBoolean();
        try (TestGateway gateway = new TestGateway(vertx, "");
                TestWorker worker = new TestWorker(vertx, postgres, store)) {
            DoubleSupplier failed = () -> failures.applyAsDouble(worker);
            spool.onAck(next -> {
                failuresAtAck.set((long) failed.getAsDouble());
                if (next >= GOOD && filled.compareAndSet(false, true)) {
                    disk.fill();
                }
            });
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> spool.send(gateway, worker));
            // WHEN the disk is full THEN nothing is acknowledged any more
            await().atMost(PATIENCE).until(() -> failed.getAsDouble() - failuresAtAck.get() >= STANDSTILL);
            // AND it goes on once there is room; a database that has given up is started again, as its operator would
            disk.free();
            if (!server.isRunning()) {
                server.restart();
            }
            sending.get();
        }
        spool.verify(postgres, store);
    }

    private void start(Path database, Path objects) {
        server = EmbeddedPostgres.start(EmbeddedPostgres.Options.in(database)
                .parameters(Map.of("shared_buffers", "32MB", "max_wal_size", "64MB", "min_wal_size", "32MB")));
        PostgresSettings settings = TestServers.settings(server, "postgres");
        Migrations.run(settings, Duration.ofSeconds(30));
        postgres = Postgres.pool(vertx, settings);
        store = Stores.open(
                vertx,
                SettingsLoader.load(
                        StoreSettings.class, Optional.empty(), Map.of(), Map.of("folder", objects.toString())));
    }
}
