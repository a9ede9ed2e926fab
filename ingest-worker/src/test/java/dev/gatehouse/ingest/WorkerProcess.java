package dev.gatehouse.ingest;

import dev.gatehouse.ingest.TestGateway.TestStream;
import dev.gatehouse.ingest.commit.KillPoint;
import dev.gatehouse.protocol.message.StreamKind;
import dev.gatehouse.shared.bus.BusCodecs;
import dev.gatehouse.shared.postgres.Postgres;
import dev.gatehouse.shared.postgres.PostgresSettings;
import dev.gatehouse.shared.settings.SettingsLoader;
import dev.gatehouse.shared.store.ObjectStore;
import dev.gatehouse.shared.store.StoreSettings;
import dev.gatehouse.shared.store.Stores;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/** A worker, a gateway and an agent in a process of its own, which ends like with kill -9 when it reaches a point; says on its output what was acknowledged. */
@SuppressWarnings("SystemOut")
final class WorkerProcess {

    /** What it ends with at the fatal point. */
    static final int KILLED = 137;

    static final int CHUNKS = 120;
    static final long SEED = 77;

    private WorkerProcess() {}

    /** Host and port, database, user, password, folder of the store, stream, agent, what is acknowledged, fatal point, which time. */
    public static void main(String[] arguments) {
        Vertx vertx = Vertx.vertx();
        BusCodecs.register(vertx);
        Pool postgres = Postgres.pool(
                vertx,
                SettingsLoader.load(
                        PostgresSettings.class,
                        Optional.empty(),
                        Map.of(),
                        Map.of(
                                "hosts", arguments[0],
                                "database", arguments[1],
                                "user", arguments[2],
                                "password", arguments[3])));
        ObjectStore store = Stores.open(
                vertx,
                SettingsLoader.load(StoreSettings.class, Optional.empty(), Map.of(), Map.of("folder", arguments[4])));
        TestSpool spool = new TestSpool(
                new TestStream(UUID.fromString(arguments[5]), UUID.fromString(arguments[6]), StreamKind.FILE),
                CHUNKS,
                SEED,
                Long.parseLong(arguments[7]));
        spool.onAck(next -> System.out.println("acked " + next));
        KillPoint fatal = KillPoint.valueOf(arguments[8]);
        int nth = Integer.parseInt(arguments[9]);
        AtomicInteger reached = new AtomicInteger();
        TestWorker worker = new TestWorker(vertx, postgres, store, point -> {
            if (point == fatal && reached.incrementAndGet() == nth) {
                Runtime.getRuntime().halt(KILLED);
            }
        });
        spool.send(new TestGateway(vertx, worker.id()), worker);
        Runtime.getRuntime().halt(0);
    }
}
