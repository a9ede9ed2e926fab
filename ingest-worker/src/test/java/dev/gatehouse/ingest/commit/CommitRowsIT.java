package dev.gatehouse.ingest.commit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.ingest.writer.WriterRow;
import dev.gatehouse.shared.cluster.Role;
import dev.gatehouse.shared.segment.NewId;
import dev.gatehouse.shared.segment.SegmentHead;
import dev.gatehouse.shared.testing.TestNode;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class CommitRowsIT {

    private static final TestNode test = TestNode.start(Role.INGEST_WORKER);

    private final Pool postgres = test.node().postgres();
    private final UUID stream = UUID.randomUUID();
    private final UUID writer = TestNode.get(new WriterRow(postgres).open("node"));

    @AfterAll
    static void close() {
        test.close();
    }

    @Test
    void chunksBehindAHoleAreStoredOnlyIfTheHoleIsDurable() {
        // GIVEN a worker that holds 0 and 1, was told that another one has stored up to 5, and then took 5 and 6
        register(2);
        assertThat(commit(0, 1, 5, 6)).isEqualTo(new StreamNext(stream, 2, 7, OptionalInt.empty(), false));
        assertThat(stored()).as("the row says 2, as after a lossy failover").isZero();
        set(5);
        assertThat(commit(0, 1, 5, 6).next()).isEqualTo(7);
        assertThat(stored()).isEqualTo(2);
    }

    @Test
    void whatAnotherWorkerHasStoredUnderTheSameNumbersIsCompared() {
        // GIVEN a worker that was taken for gone and has stored 0 and 1 of a disk that was then replaced by an older
        // copy
        register(0);
        StreamNext stored = commit(0, 1);
        // WHEN another worker holds other chunks under these numbers: as many, more, or fewer
        for (int upto : List.of(2, 4, 1)) {
            StreamNext answered = commit(IntStream.range(0, upto)
                    .mapToObj(sequence -> TakenChunks.of(stream, sequence, 17L))
                    .toList());
            // THEN none of them is stored, not even those above
            assertThat(answered).isEqualTo(new StreamNext(stream, 2, upto, stored.lastCrc(), true));
        }
        assertThat(stored()).isEqualTo(2);
        // AND a commit of unknown outcome that is repeated is no other one
        assertThat(commit(0, 1)).isEqualTo(stored);
        assertThat(commit(0)).isEqualTo(new StreamNext(stream, 2, 1, stored.lastCrc(), false));
        assertThat(commit(1, 2).next()).isEqualTo(3);
    }

    private StreamNext commit(long... sequences) {
        return commit(LongStream.of(sequences)
                .mapToObj(sequence -> TakenChunks.of(stream, sequence))
                .toList());
    }

    private StreamNext commit(List<TakenChunk> chunks) {
        Cut cut = new Cut(
                1, true, chunks, chunks.stream().mapToLong(TakenChunk::stored).sum());
        cut.layOut(new SegmentHead(writer, NewId.now(), 0));
        return TestNode.get(CommitRows.of(writer, List.of(cut)).write(postgres))
                .streams()
                .getFirst();
    }

    private void register(long next) {
        TestNode.get(postgres.preparedQuery(
                        "insert into stream (id, agent_id, kind, opened_at, next) values ($1, $1, 'file', now(), $2)")
                .execute(Tuple.of(stream, next)));
    }

    private void set(long next) {
        TestNode.get(postgres.preparedQuery("update stream set next = $2 where id = $1")
                .execute(Tuple.of(stream, next)));
    }

    private long stored() {
        return TestNode.get(postgres.preparedQuery("select count(*) from chunk where stream_id = $1")
                        .execute(Tuple.of(stream)))
                .iterator()
                .next()
                .getLong(0);
    }
}
