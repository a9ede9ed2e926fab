package dev.gatehouse.ingest.orphan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.ingest.Chunks;
import dev.gatehouse.ingest.FaultyStore;
import dev.gatehouse.ingest.TestGateway;
import dev.gatehouse.ingest.TestGateway.TestStream;
import dev.gatehouse.ingest.TestWorker;
import dev.gatehouse.ingest.commit.CommitMeters;
import dev.gatehouse.ingest.commit.RecentEvents;
import dev.gatehouse.ingest.index.IndexVerticle;
import dev.gatehouse.protocol.message.Event;
import dev.gatehouse.protocol.message.StreamKind;
import dev.gatehouse.shared.cluster.Role;
import dev.gatehouse.shared.store.ObjectStore;
import dev.gatehouse.shared.testing.TestNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The database has lost its last commits, their objects are there: what they hold is committed late, once, whoever comes first and wherever a collector dies. */
class AdoptionIT {

    private static final int LENGTH = 50_000; // two of them are a segment
    private static final TestNode test = TestNode.start(Role.INGEST_WORKER);

    private final Vertx vertx = test.node().vertx();
    private final Pool postgres = test.node().postgres();
    private final ObjectStore store = test.node().store();
    private final TestStream stream = TestStream.of(StreamKind.FILE);
    private final StoredStream there = new StoredStream(stream.id(), postgres, store);
    private final List<Buffer> payloads = new ArrayList<>();

    @AfterAll
    static void close() {
        test.close();
    }

    /** Chunks of other tests would be adopted, too. */
    @BeforeEach
    void forgetOthers() {
        there.run("update writer set closed_at = now(), swept_at = now()");
    }

    @Test
    void whatALossyFailoverTookIsAsBefore() {
        // GIVEN ten chunks, then thirty more to the end of the stream
        String before;
        String after;
        List<String> rows;
        try (TestWorker worker = worker();
                TestGateway gateway = new TestGateway(vertx, worker.id())) {
            gateway.opens(stream, 0, 0);
            send(gateway, 0, 10);
            before = there.row();
            send(gateway, 10, 30);
            payloads.add(Chunks.content(40, LENGTH, 1)); // or the last one would go inline
            payloads.add(Chunks.content(41, LENGTH, 1));
            payloads.add(Chunks.last(42, "end"));
            gateway.send(stream, payloads.subList(40, 43).toArray(Buffer[]::new));
            gateway.awaitDurable(stream, 43);
            after = there.row();
            rows = there.rows();
        }
        // WHEN the last commits are gone, the writer's row with them
        there.run(
                "delete from writer where id in (select s.writer_id from segment s join chunk c on c.segment_id = s.id"
                        + " where c.stream_id = '" + stream.id() + "')");
        there.fail(10, before);
        assertThat(there.rows()).hasSize(10);
        OrphanCollector.Round round = collect();
        // THEN
        assertThat(round).isEqualTo(new OrphanCollector.Round(0, 33, 0));
        assertThat(there.rows()).isEqualTo(rows);
        assertThat(there.row()).isEqualTo(after);
        assertThat(there.stored()).isEqualTo(payloads);
        assertThat(collect()).as("again").isEqualTo(OrphanCollector.Round.NOTHING);
        assertThat(there.stored()).isEqualTo(payloads);
    }

    @Test
    void theGapOfAnAgentThatCameBackFirstIsFilled() {
        sent(0, gateway -> send(gateway, 0, 10));
        String before = sent(10, gateway -> send(gateway, 10, 10));
        there.fail(10, before);
        sent(20, gateway -> {
            // GIVEN an agent that has nothing below 20 any more
            send(gateway, 20, 2);
            assertThat(there.gaps()).containsExactly("10-20");
            // WHEN
            there.closeWriters();
            assertThat(collect().adopted()).isEqualTo(10);
            // THEN
            assertThat(there.gaps()).isEmpty();
            assertThat(there.stored()).isEqualTo(payloads);
            assertThat(there.next()).isEqualTo(22);
            // AND the stream goes on
            send(gateway, 22, 2);
        });
        assertThat(there.stored()).isEqualTo(payloads);
    }

    @Test
    void whatLiesBeyondAHoleWaitsForTheAgentAndIsNotMovedAway() {
        String before = sent(0, gateway -> {
            send(gateway, 0, 4);
            send(gateway, 4, 4);
        });
        // GIVEN that the object of 0 to 3 is lost with all rows
        String lost = there.text(
                "select s.object_key from segment s join chunk c on c.segment_id = s.id where c.stream_id = $1 and c.sequence = 0");
        there.fail(0, before);
        TestNode.get(store.delete(lost));
        assertThat(collect()).isEqualTo(new OrphanCollector.Round(0, 0, 1));
        // WHEN the agent says that it has nothing below 8
        sent(8, gateway -> {});
        there.closeWriters();
        // THEN
        assertThat(collect()).isEqualTo(new OrphanCollector.Round(0, 4, 0));
        assertThat(there.gaps()).containsExactly("0-4");
        assertThat(there.stored()).isEqualTo(payloads.subList(4, 8));
    }

    @Test
    void whatTheAgentHasSentAgainIsNotNeeded() {
        String before = sent(0, gateway -> send(gateway, 0, 4));
        there.fail(0, before);
        payloads.clear();
        sent(0, gateway -> send(gateway, 0, 4));
        there.closeWriters();
        assertThat(collect()).isEqualTo(new OrphanCollector.Round(1, 0, 0));
        assertThat(there.stored()).isEqualTo(payloads);
    }

    @Test
    void twoCollectorsAdoptOnce() {
        String before = sent(0, gateway -> {
            for (int i = 0; i < 6; i++) {
                send(gateway, i * 4, 4);
            }
        });
        there.fail(0, before);
        there.closeWriters();
        Future<OrphanCollector.Round> one = collector(store).collect(Instant.now());
        Future<OrphanCollector.Round> two = collector(store).collect(Instant.now());
        assertThat(TestNode.get(one).adopted() + TestNode.get(two).adopted()).isEqualTo(24);
        assertThat(TestNode.get(one).moved() + TestNode.get(two).moved()).isZero();
        assertThat(there.stored()).isEqualTo(payloads);
    }

    @Test
    void aCollectorThatDiesInBetweenIsFollowedByAnother() {
        String before = sent(0, gateway -> {
            send(gateway, 0, 4);
            send(gateway, 4, 4);
        });
        there.fail(0, before);
        there.closeWriters();
        // WHEN it dies in its transaction, at each statement
        for (String table : List.of("segment", "chunk", "stream", "gap")) {
            there.run("create function die() returns trigger language plpgsql as "
                    + "$$ begin raise exception sqlstate '55000'; end $$");
            there.run("create trigger die before insert or update or delete on " + table
                    + " for each statement execute function die()");
            assertThatThrownBy(this::collect).hasMessageContaining("55000");
            there.run("drop function die cascade");
            assertThat(there.rows()).isEmpty();
        }
        // THEN the next one finishes
        assertThat(collect().adopted()).isEqualTo(8);
        assertThat(there.stored()).isEqualTo(payloads);
        // AND one that dies before it moves an object leaves it to the next
        String orphan = orphan();
        FaultyStore faulty = new FaultyStore(vertx, store);
        faulty.mode(FaultyStore.Mode.FAILING);
        assertThatThrownBy(() -> TestNode.get(collector(faulty).collect(Instant.now())));
        assertThat(collect()).isEqualTo(new OrphanCollector.Round(1, 0, 0));
        assertThat(TestNode.get(store.list(OrphanCollector.LOST + orphan, "", 1)))
                .hasSize(1);
    }

    @Test
    void eventsThatAreAdoptedAreIndexed() {
        TestStream events = TestStream.of(StreamKind.EVENTS);
        StoredStream indexed = new StoredStream(events.id(), postgres, store);
        // texts that don't compress, or they would go inline
        List<Event> many = IntStream.range(0, 1200)
                .mapToObj(i -> Chunks.event(1_763_000_000_000_000L + i, "alice", "editor", "window").toBuilder()
                        .setText("" + UUID.randomUUID() + UUID.randomUUID() + UUID.randomUUID() + UUID.randomUUID())
                        .build())
                .toList();
        String before;
        try (TestWorker worker = worker();
                TestGateway gateway = new TestGateway(vertx, worker.id())) {
            gateway.opens(events, 0, 0);
            before = indexed.row();
            Buffer[] chunks = new Buffer[6];
            for (int i = 0; i < chunks.length; i++) {
                chunks[i] = Chunks.events(i, many.subList(i * 200, i * 200 + 200));
            }
            gateway.send(events, chunks);
            gateway.awaitDurable(events, 6);
        }
        assertThat(indexed.number("select count(*) from segment s join chunk c on c.segment_id = s.id"
                        + " where c.stream_id = $1 and s.object_key is not null"))
                .as("chunks in objects")
                .isEqualTo(6);
        indexed.fail(0, before);
        assertThat(collect().adopted()).isEqualTo(6);
        String indexer = TestNode.get(vertx.deployVerticle(new IndexVerticle(
                new IndexVerticle.Parts(
                        postgres,
                        store,
                        test.node().settings().capture().indexBatch(),
                        new SimpleMeterRegistry(),
                        () -> new CommitMeters.Load(0, Duration.ZERO)),
                new RecentEvents(0))));
        await().atMost(Duration.ofSeconds(60))
                .until(() -> indexed.number("select count(*) from event where stream_id = $1") == 1200);
        TestNode.get(vertx.undeploy(indexer));
    }

    /** What a gateway and a worker of its own do with the stream, of which the agent has nothing below {@code first}; answers its row as it was before they did. */
    private String sent(long first, Consumer<TestGateway> sending) {
        try (TestWorker worker = worker();
                TestGateway gateway = new TestGateway(vertx, worker.id())) {
            gateway.opens(stream, first, first);
            String before = there.row();
            sending.accept(gateway);
            return before;
        }
    }

    private void send(TestGateway gateway, int from, int count) {
        Buffer[] part = new Buffer[count];
        for (int i = 0; i < count; i++) {
            part[i] = Chunks.content((long) from + i, LENGTH, 1);
            payloads.add(part[i]);
        }
        gateway.send(stream, part);
        gateway.awaitDurable(stream, (long) from + count);
    }

    private OrphanCollector.Round collect() {
        return TestNode.get(collector(store).collect(Instant.now()));
    }

    private OrphanCollector collector(ObjectStore through) {
        return new OrphanCollector(postgres, through, Duration.ofHours(1));
    }

    /** An object of a closed writer that nobody needs. */
    private String orphan() {
        UUID writer = UUID.randomUUID();
        there.run("insert into writer (id, node, closed_at) values ('" + writer + "', 'node', now())");
        String key = writer + "/" + UUID.randomUUID() + ".seg";
        TestNode.get(store.put(key, List.of(Buffer.buffer("blocks"))));
        return key;
    }

    private TestWorker worker() {
        return new TestWorker(vertx, postgres, store);
    }
}
