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
import dev.gatehouse.shared.segment.Block;
import dev.gatehouse.shared.segment.BlockRef;
import dev.gatehouse.shared.segment.BlockSource;
import dev.gatehouse.shared.store.ObjectStore;
import dev.gatehouse.shared.testing.TestNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
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
    private final List<Buffer> payloads = new ArrayList<>();

    @AfterAll
    static void close() {
        test.close();
    }

    /** Chunks of other tests would be adopted, too. */
    @BeforeEach
    void forgetOthers() {
        run("update writer set closed_at = now(), swept_at = now()");
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
            before = row();
            send(gateway, 10, 30);
            payloads.add(Chunks.content(40, LENGTH, 1)); // or the last one would go inline
            payloads.add(Chunks.content(41, LENGTH, 1));
            payloads.add(Chunks.last(42, "end"));
            gateway.send(stream, payloads.subList(40, 43).toArray(Buffer[]::new));
            gateway.awaitDurable(stream, 43);
            after = row();
            rows = rows();
        }
        // WHEN the last commits are gone, the writer's row with them
        run("delete from writer where id in (select s.writer_id from segment s join chunk c on c.segment_id = s.id"
                + " where c.stream_id = '" + stream.id() + "')");
        fail(10, before);
        assertThat(rows()).hasSize(10);
        OrphanCollector.Round round = collect();
        // THEN
        assertThat(round).isEqualTo(new OrphanCollector.Round(0, 33, 0));
        assertThat(rows()).isEqualTo(rows);
        assertThat(row()).isEqualTo(after);
        assertThat(stored()).isEqualTo(payloads);
        assertThat(collect()).as("again").isEqualTo(OrphanCollector.Round.NOTHING);
        assertThat(stored()).isEqualTo(payloads);
    }

    @Test
    void theGapOfAnAgentThatCameBackFirstIsFilled() {
        String before;
        try (TestWorker worker = worker();
                TestGateway gateway = new TestGateway(vertx, worker.id())) {
            gateway.opens(stream, 0, 0);
            send(gateway, 0, 10);
            before = row();
            send(gateway, 10, 10);
        }
        fail(10, before);
        try (TestWorker worker = worker();
                TestGateway gateway = new TestGateway(vertx, worker.id())) {
            // GIVEN an agent that has nothing below 20 any more
            gateway.opens(stream, 20, 20);
            send(gateway, 20, 2);
            assertThat(gaps()).containsExactly("10-20");
            // WHEN
            closeWriters();
            assertThat(collect().adopted()).isEqualTo(10);
            // THEN
            assertThat(gaps()).isEmpty();
            assertThat(stored()).isEqualTo(payloads);
            assertThat(next()).isEqualTo(22);
            // AND the stream goes on
            send(gateway, 22, 2);
        }
        assertThat(stored()).isEqualTo(payloads);
    }

    @Test
    void whatLiesBeyondAHoleWaitsForTheAgentAndIsNotMovedAway() {
        String before;
        try (TestWorker worker = worker();
                TestGateway gateway = new TestGateway(vertx, worker.id())) {
            gateway.opens(stream, 0, 0);
            before = row();
            send(gateway, 0, 4);
            send(gateway, 4, 4);
        }
        // GIVEN that the object of 0 to 3 is lost with all rows
        String lost = text("select s.object_key from segment s join chunk c on c.segment_id = s.id where c.stream_id = $1 and c.sequence = 0");
        fail(0, before);
        TestNode.get(store.delete(lost));
        assertThat(collect()).isEqualTo(new OrphanCollector.Round(0, 0, 1));
        // WHEN the agent says that it has nothing below 8
        try (TestWorker worker = worker();
                TestGateway gateway = new TestGateway(vertx, worker.id())) {
            gateway.opens(stream, 8, 8);
        }
        closeWriters();
        // THEN
        assertThat(collect()).isEqualTo(new OrphanCollector.Round(0, 4, 0));
        assertThat(gaps()).containsExactly("0-4");
        assertThat(stored()).isEqualTo(payloads.subList(4, 8));
    }

    @Test
    void whatTheAgentHasSentAgainIsNotNeeded() {
        String before;
        try (TestWorker worker = worker();
                TestGateway gateway = new TestGateway(vertx, worker.id())) {
            gateway.opens(stream, 0, 0);
            before = row();
            send(gateway, 0, 4);
        }
        fail(0, before);
        try (TestWorker worker = worker();
                TestGateway gateway = new TestGateway(vertx, worker.id())) {
            gateway.opens(stream, 0, 0);
            payloads.clear();
            send(gateway, 0, 4);
        }
        closeWriters();
        assertThat(collect()).isEqualTo(new OrphanCollector.Round(1, 0, 0));
        assertThat(stored()).isEqualTo(payloads);
    }

    @Test
    void twoCollectorsAdoptOnce() {
        String before;
        try (TestWorker worker = worker();
                TestGateway gateway = new TestGateway(vertx, worker.id())) {
            gateway.opens(stream, 0, 0);
            before = row();
            for (int i = 0; i < 6; i++) {
                send(gateway, i * 4, 4);
            }
        }
        fail(0, before);
        closeWriters();
        Future<OrphanCollector.Round> one = collector(store).collect(Instant.now());
        Future<OrphanCollector.Round> two = collector(store).collect(Instant.now());
        assertThat(TestNode.get(one).adopted() + TestNode.get(two).adopted()).isEqualTo(24);
        assertThat(TestNode.get(one).moved() + TestNode.get(two).moved()).isZero();
        assertThat(stored()).isEqualTo(payloads);
    }

    @Test
    void aCollectorThatDiesInBetweenIsFollowedByAnother() {
        String before;
        try (TestWorker worker = worker();
                TestGateway gateway = new TestGateway(vertx, worker.id())) {
            gateway.opens(stream, 0, 0);
            before = row();
            send(gateway, 0, 4);
            send(gateway, 4, 4);
        }
        fail(0, before);
        closeWriters();
        // WHEN it dies in its transaction, at each statement
        for (String table : List.of("segment", "chunk", "stream", "gap")) {
            run("create function die() returns trigger language plpgsql as "
                    + "$$ begin raise exception sqlstate '55000'; end $$");
            run("create trigger die before insert or update or delete on " + table
                    + " for each statement execute function die()");
            assertThatThrownBy(this::collect).hasMessageContaining("55000");
            run("drop function die cascade");
            assertThat(rows()).isEmpty();
        }
        // THEN the next one finishes
        assertThat(collect().adopted()).isEqualTo(8);
        assertThat(stored()).isEqualTo(payloads);
        // AND one that dies before it moves an object leaves it to the next
        String orphan = orphan();
        FaultyStore faulty = new FaultyStore(vertx, store);
        faulty.mode(FaultyStore.Mode.FAILING);
        assertThatThrownBy(() -> TestNode.get(collector(faulty).collect(Instant.now())));
        assertThat(collect()).isEqualTo(new OrphanCollector.Round(1, 0, 0));
        assertThat(TestNode.get(store.list(OrphanCollector.LOST + orphan, "", 1))).hasSize(1);
    }

    @Test
    void eventsThatAreAdoptedAreIndexed() {
        TestStream events = TestStream.of(StreamKind.EVENTS);
        List<Event> many = IntStream.range(0, 1200)
                .mapToObj(i -> Chunks.event(1_763_000_000_000_000L + i, "alice", "editor", "window").toBuilder()
                        .setText(random() + random() + random() + random()) // or it would go inline
                        .build())
                .toList();
        try (TestWorker worker = worker();
                TestGateway gateway = new TestGateway(vertx, worker.id())) {
            gateway.opens(events, 0, 0);
            Buffer[] chunks = new Buffer[6];
            for (int i = 0; i < chunks.length; i++) {
                chunks[i] = Chunks.events(i, many.subList(i * 200, i * 200 + 200));
            }
            gateway.send(events, chunks);
            gateway.awaitDurable(events, 6);
        }
        assertThat(number("select count(*) from segment s join chunk c on c.segment_id = s.id where c.stream_id = $1 and s.object_key is not null", events))
                .as("chunks in objects")
                .isEqualTo(6);
        run("delete from index_task");
        run("delete from segment where id in (select segment_id from chunk where stream_id = '" + events.id() + "')");
        run("delete from chunk where stream_id = '" + events.id() + "'");
        run("update stream set next = 0, bytes = 0, chunks = 0 where id = '" + events.id() + "'");
        closeWriters();
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
                .until(() -> number("select count(*) from event where stream_id = $1", events) == 1200);
        TestNode.get(vertx.undeploy(indexer));
    }

    // ---------------------------------------------------------------------------------------------------------------

    private void send(TestGateway gateway, int from, int count) {
        Buffer[] part = new Buffer[count];
        for (int i = 0; i < count; i++) {
            part[i] = Chunks.content((long) from + i, LENGTH, 1);
            payloads.add(part[i]);
        }
        gateway.send(stream, part);
        gateway.awaitDurable(stream, (long) from + count);
    }

    /** The database forgets what was committed from this number on; the stream's row is what it was then. */
    private void fail(int from, String row) {
        run("delete from segment where id in (select segment_id from chunk where stream_id = '" + stream.id()
                + "' and sequence >= " + from + ")");
        run("delete from chunk where stream_id = '" + stream.id() + "' and sequence >= " + from);
        run("delete from stream where id = '" + stream.id() + "'");
        TestNode.get(postgres.preparedQuery("insert into stream select * from jsonb_populate_record(null::stream, $1)")
                .execute(Tuple.of(new JsonObject(row))));
        closeWriters();
    }

    private void closeWriters() {
        run("update writer set closed_at = coalesce(closed_at, now())");
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
        run("insert into writer (id, node, closed_at) values ('" + writer + "', 'node', now())");
        String key = writer + "/" + UUID.randomUUID() + ".seg";
        TestNode.get(store.put(key, List.of(Buffer.buffer("blocks"))));
        return key;
    }

    private String row() {
        return text("select (to_jsonb(s) - 'closed_at')::text from stream s where id = $1");
    }

    private List<String> rows() {
        List<String> rows = new ArrayList<>();
        for (Row row : TestNode.get(postgres.preparedQuery("""
                        select (to_jsonb(c) - 'segment_id' - 'committed_at' - 'block_index' - 'block_offset')::text
                        from chunk c where stream_id = $1 order by sequence""").execute(Tuple.of(stream.id())))) {
            rows.add(row.getString(0));
        }
        return rows;
    }

    private List<String> gaps() {
        List<String> gaps = new ArrayList<>();
        for (Row row : TestNode.get(
                postgres.preparedQuery("select first, next from gap where stream_id = $1 order by first")
                        .execute(Tuple.of(stream.id())))) {
            gaps.add(row.getLong(0) + "-" + row.getLong(1));
        }
        return gaps;
    }

    private long next() {
        return number("select next from stream where id = $1", stream);
    }

    private List<Buffer> stored() {
        List<BlockRef> refs = new ArrayList<>();
        for (Row row : TestNode.get(postgres.preparedQuery("""
                        select sequence, segment_id, block_offset, block_length from chunk
                        where stream_id = $1 order by sequence""").execute(Tuple.of(stream.id())))) {
            refs.add(new BlockRef(stream.id(), row.getLong(0), row.getUUID(1), row.getInteger(2), row.getInteger(3)));
        }
        return TestNode.get(new BlockSource(postgres, store).read(refs)).stream()
                .map(Block::payload)
                .map(payload -> payload.orElseThrow())
                .toList();
    }

    private static String random() {
        return UUID.randomUUID().toString();
    }

    private String text(String sql) {
        return TestNode.get(postgres.preparedQuery(sql).execute(Tuple.of(stream.id())))
                .iterator()
                .next()
                .getString(0);
    }

    private long number(String sql, TestStream of) {
        return TestNode.get(postgres.preparedQuery(sql).execute(Tuple.of(of.id())))
                .iterator()
                .next()
                .getLong(0);
    }

    private void run(String sql) {
        TestNode.get(postgres.query(sql).execute());
    }

    private TestWorker worker() {
        return new TestWorker(vertx, postgres, store);
    }
}
