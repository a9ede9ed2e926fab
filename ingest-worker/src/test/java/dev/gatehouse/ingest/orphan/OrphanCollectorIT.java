package dev.gatehouse.ingest.orphan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.ingest.writer.WriterRow;
import dev.gatehouse.shared.cluster.Role;
import dev.gatehouse.shared.segment.NewId;
import dev.gatehouse.shared.store.ObjectStore;
import dev.gatehouse.shared.testing.TestNode;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class OrphanCollectorIT {

    private static final TestNode test = TestNode.start(Role.INGEST_WORKER);

    private final Pool postgres = test.node().postgres();
    private final ObjectStore store = test.node().store();
    private final OrphanCollector collector = new OrphanCollector(postgres, store, Duration.ofHours(1));

    @AfterAll
    static void close() {
        test.close();
    }

    @Test
    void aLivingWritersObjectsAreLeftAlone() {
        UUID writer = TestNode.get(new WriterRow(postgres).open("node"));
        String key = object(writer);
        collect(Instant.now());
        assertThat(keys(writer + "/")).containsExactly(key);
    }

    @Test
    void aGoneWriterIsClosedAndWhatHasNoRowIsMovedAside() {
        // GIVEN a writer that has died between two uploads and the second one's commit
        UUID writer = TestNode.get(new WriterRow(postgres).open("node"));
        String committed = object(writer);
        String orphan = object(writer);
        execute(
                "insert into segment (id, writer_id, object_key, length, blocks) values (gen_random_uuid(), $1, $2, 1, 1)",
                Tuple.of(writer, committed));
        execute("update writer set seen_at = now() - interval '2 hours' where id = $1", Tuple.of(writer));
        // WHEN
        collect(Instant.now());
        // THEN
        assertThat(keys(writer + "/")).containsExactly(committed);
        assertThat(keys(OrphanCollector.LOST + writer)).containsExactly(OrphanCollector.LOST + orphan);
        assertThat(TestNode.get(postgres.preparedQuery("select closed_at is not null from writer where id = $1")
                                .execute(Tuple.of(writer)))
                        .iterator()
                        .next()
                        .getBoolean(0))
                .isTrue();
        // AND a month later it is gone for good
        collect(Instant.now().plus(OrphanCollector.KEPT).plusSeconds(60));
        assertThat(keys(OrphanCollector.LOST + writer)).isEmpty();
        assertThat(keys(writer + "/")).containsExactly(committed);
    }

    @Test
    void aLateUploadOfAClosedWriterIsFoundToo() {
        UUID writer = TestNode.get(new WriterRow(postgres).open("node"));
        TestNode.get(new WriterRow(postgres).close(writer));
        collect(Instant.now());
        String late = object(writer);
        collect(Instant.now());
        assertThat(keys(OrphanCollector.LOST + writer)).containsExactly(OrphanCollector.LOST + late);
    }

    private void collect(Instant now) {
        TestNode.get(collector.collect(now));
    }

    private String object(UUID writer) {
        String key = writer + "/" + NewId.now() + ".seg";
        TestNode.get(store.put(key, List.of(Buffer.buffer("blocks"))));
        return key;
    }

    private List<String> keys(String prefix) {
        return TestNode.get(store.list(prefix, "", 100)).stream()
                .map(ObjectStore.Entry::key)
                .toList();
    }

    private void execute(String sql, Tuple parameters) {
        TestNode.get(postgres.preparedQuery(sql).execute(parameters));
    }
}
