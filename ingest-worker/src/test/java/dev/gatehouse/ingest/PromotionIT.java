package dev.gatehouse.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.ingest.TestGateway.TestStream;
import dev.gatehouse.ingest.commit.StreamRows;
import dev.gatehouse.protocol.message.StreamKind;
import dev.gatehouse.protocol.message.StreamOpen;
import dev.gatehouse.shared.bus.BusCodecs;
import dev.gatehouse.shared.postgres.Migrations;
import dev.gatehouse.shared.postgres.Postgres;
import dev.gatehouse.shared.settings.SettingsLoader;
import dev.gatehouse.shared.store.ObjectStore;
import dev.gatehouse.shared.store.StoreSettings;
import dev.gatehouse.shared.store.Stores;
import dev.gatehouse.shared.testing.PostgresPair;
import dev.gatehouse.shared.testing.TestNode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A PostgreSQL with a synchronous standby under a worker: the primary dies, the standby takes its place, the old one comes back. */
class PromotionIT {

    private static final Logger log = LoggerFactory.getLogger(PromotionIT.class);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private final Vertx vertx = Vertx.vertx();
    private PostgresPair pair;
    private Pool postgres;
    private ObjectStore store;

    @BeforeEach
    void start() {
        BusCodecs.register(vertx);
        pair = PostgresPair.start(folder);
        Migrations.run(pair.settings(pair.standby(), pair.primary()), PATIENCE);
        postgres = Postgres.pool(vertx, pair.settings(pair.primary(), pair.standby()));
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
        pair.close(); // a frozen one would keep connections from closing
        TestNode.get(vertx.close());
    }

    @Test
    void theStandbyIsPromotedUnderLoadAndNothingAcknowledgedIsLost() throws Exception {
        TestSpool spool = new TestSpool(600, 1);
        AtomicLong promotedAt = new AtomicLong();
        CompletableFuture<Long> resumed = new CompletableFuture<>();
        CompletableFuture<Void> loaded = new CompletableFuture<>();
        spool.onAck(next -> {
            if (next > 100) {
                loaded.complete(null);
            }
            if (promotedAt.get() != 0) {
                resumed.complete((System.nanoTime() - promotedAt.get()) / 1_000_000);
            }
        });
        try (TestGateway gateway = new TestGateway(vertx, "");
                TestWorker worker = new TestWorker(vertx, postgres, store)) {
            CompletableFuture<Void> failover = loaded.thenRunAsync(() -> {
                // WHEN the primary dies in the middle, and the standby becomes the primary
                pair.primary().kill();
                pair.promote();
                promotedAt.set(System.nanoTime());
            });
            spool.send(gateway, worker);
            failover.get();
            // THEN all goes on, and is there
            log.info("Acknowledged again {} ms after the promotion", resumed.get());
            spool.verify(postgres, store);

            // AND when the old primary comes back as it was, nobody writes to it: neither who knows the new one nor who
            // doesn't
            pair.primary().restart();
            pair.ask(pair.primary(), "alter system reset synchronous_standby_names");
            pair.ask(pair.primary(), "select pg_reload_conf()");
            Pool another = Postgres.pool(vertx, pair.settings(pair.primary(), pair.standby()));
            for (Pool pool : List.of(postgres, another)) {
                TestSpool more = new TestSpool(40, 2);
                try (TestGateway again = new TestGateway(vertx, "");
                        TestWorker second = new TestWorker(vertx, pool, store)) {
                    more.send(again, second);
                }
                more.verify(pool, store);
                assertThat(pair.ask(
                                pair.primary(),
                                "select count(*) from stream where id = '"
                                        + more.stream().id() + "'"))
                        .isEqualTo("0");
            }
            TestNode.get(another.close());
        }
    }

    @Test
    void aPrimaryThatFreezesIsLeftWhenTheStandbyIsPromoted() {
        TestSpool spool = new TestSpool(400, 3);
        AtomicLong promotedAt = new AtomicLong();
        CompletableFuture<Void> loaded = new CompletableFuture<>();
        spool.onAck(next -> {
            if (next > 100) {
                loaded.complete(null);
            }
            if (promotedAt.get() != 0) {
                log.info("Acknowledged {} ms after the promotion", (System.nanoTime() - promotedAt.get()) / 1_000_000);
                promotedAt.set(0);
            }
        });
        try (TestGateway gateway = new TestGateway(vertx, "");
                TestWorker worker = new TestWorker(vertx, postgres, store)) {
            CompletableFuture<Void> failover = loaded.thenRunAsync(() -> {
                pair.primary().pause();
                pair.promote();
                promotedAt.set(System.nanoTime());
            });
            spool.send(gateway, worker);
            failover.join();
            spool.verify(postgres, store);
        }
    }

    /** After a crash the primary shows commits whose confirmation by the standby was still awaited: whoever is told of them would drop what a promotion may yet lose. */
    @Test
    void whatTheStandbyLacksIsNotToldToBeDurable() {
        TestStream stream = TestStream.of(StreamKind.FILE);
        StreamRows rows = new StreamRows(postgres);
        StreamRows.Registration registration = new StreamRows.Registration(
                stream.id(),
                stream.agentId(),
                StreamOpen.newBuilder().setKind(StreamKind.FILE).build());
        TestNode.get(rows.register(List.of(registration)));
        // GIVEN a commit that the standby has not got, on a primary that has crashed and come back
        pair.standby().pause();
        postgres.query("update stream set next = 7 where id = '" + stream.id() + "'")
                .execute();
        await().atMost(PATIENCE).until(() -> waiting("update stream"));
        pair.primary().kill();
        pair.primary().restart();
        assertThat(pair.ask(pair.primary(), "select next from stream where id = '" + stream.id() + "'"))
                .isEqualTo("7");
        // WHEN the stream is opened again
        Future<Map<UUID, StreamRows.Registered>> opened = opened(rows, registration);
        await().atMost(PATIENCE).until(() -> opened.isComplete() || waiting("insert into stream"));
        // THEN the answer waits for the standby
        assertThat(opened.isComplete()).isFalse();
        pair.standby().resume();
        assertThat(TestNode.get(opened).get(stream.id()).next()).isEqualTo(7);
    }

    /** The pool may have to learn that its connections are gone. */
    private Future<Map<UUID, StreamRows.Registered>> opened(StreamRows rows, StreamRows.Registration registration) {
        await().atMost(PATIENCE)
                .until(() -> postgres.query("select 1")
                        .execute()
                        .map(true)
                        .otherwise(false)
                        .await());
        return rows.register(List.of(registration));
    }

    /** Whether a commit of a statement with this text waits for the standby. */
    private boolean waiting(String text) {
        return pair.ask(
                        pair.primary(),
                        "select count(*) from pg_stat_activity where wait_event = 'SyncRep' and query like '%" + text
                                + "%'")
                .equals("1");
    }
}
