package dev.gatehouse.ingest;

import dev.gatehouse.embedded.EmbeddedPostgres;
import dev.gatehouse.shared.bus.BusCodecs;
import dev.gatehouse.shared.postgres.Migrations;
import dev.gatehouse.shared.postgres.Postgres;
import dev.gatehouse.shared.postgres.PostgresSettings;
import dev.gatehouse.shared.settings.SettingsLoader;
import dev.gatehouse.shared.store.ObjectStore;
import dev.gatehouse.shared.store.StoreSettings;
import dev.gatehouse.shared.store.Stores;
import dev.gatehouse.shared.testing.TestNode;
import dev.gatehouse.shared.testing.TestServers;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The database is killed or restarted while rows are being committed. */
class PostgresFaultsIT {

    @TempDir
    Path folder;

    private final Vertx vertx = Vertx.vertx();
    private EmbeddedPostgres server;
    private Pool postgres;
    private ObjectStore store;

    @BeforeEach
    void start() {
        BusCodecs.register(vertx);
        server = EmbeddedPostgres.start(folder.resolve("postgres"));
        PostgresSettings settings = TestServers.settings(server, "postgres");
        Migrations.run(settings, Duration.ofSeconds(30));
        postgres = Postgres.pool(vertx, settings);
        store = Stores.open(
                vertx,
                SettingsLoader.load(
                        StoreSettings.class,
                        Optional.empty(),
                        Map.of(),
                        Map.of("folder", folder.resolve("store").toString())));
    }

    @AfterEach
    void stop() {
        TestNode.get(postgres.close());
        store.close();
        TestNode.get(vertx.close());
        server.close();
    }

    @Test
    void killedAndRestartedDuringCommits() throws Exception {
        TestSpool spool = new TestSpool(400, 1);
        try (TestGateway gateway = new TestGateway(vertx, "");
                TestWorker worker = new TestWorker(vertx, postgres, store)) {
            CompletableFuture<Void> trouble = CompletableFuture.runAsync(() -> {
                for (int round = 0; round < 2; round++) {
                    server.kill();
                    server.restart();
                    server.restart();
                }
            });
            spool.send(gateway, worker);
            trouble.get();
        }
        spool.verify(postgres, store);
    }
}
