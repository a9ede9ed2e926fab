package dev.gatehouse.background.compact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.protocol.stream.Chunk;
import dev.gatehouse.protocol.stream.Codec;
import dev.gatehouse.shared.cluster.Role;
import dev.gatehouse.shared.segment.Block;
import dev.gatehouse.shared.segment.BlockRef;
import dev.gatehouse.shared.segment.BlockSource;
import dev.gatehouse.shared.segment.ChunkFacts;
import dev.gatehouse.shared.segment.NewId;
import dev.gatehouse.shared.segment.SegmentEntry;
import dev.gatehouse.shared.segment.SegmentHead;
import dev.gatehouse.shared.segment.SegmentWriter;
import dev.gatehouse.shared.testing.TestNode;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CompactIT {

    private static final TestNode test = TestNode.start(Role.BACKGROUND_WORKER);

    private final UUID stream = NewId.now();
    private final List<BlockRef> refs = new ArrayList<>();
    private final CompactVerticle compact = new CompactVerticle(test.node());

    @AfterAll
    static void close() {
        test.close();
    }

    @BeforeEach
    void empty() {
        sql("delete from segment_inline");
        sql("delete from segment");
    }

    @Test
    void blocksAreReadFromTheObjectAsTheyWereFromTheRow() {
        // GIVEN two inline segments
        UUID first = inline("one", "two");
        UUID second = inline("three");
        List<Block> before =
                TestNode.get(new BlockSource(test.node().postgres(), test.node().store()).read(refs));
        // WHEN they are moved
        assertThat(TestNode.get(compact.compact(epoch()))).isEqualTo(2);
        // THEN no bytes are left in PostgreSQL, and each block is what it was
        assertThat(count("select count(*) from segment_inline")).isZero();
        assertThat(count("select count(distinct object_key) from segment where object_key is not null"))
                .isEqualTo(1);
        List<Block> after =
                TestNode.get(new BlockSource(test.node().postgres(), test.node().store()).read(refs));
        assertThat(after).hasSize(3).isEqualTo(before);
        assertThat(after.getFirst().ref().segmentId()).isEqualTo(first);
        assertThat(after.getLast().ref().segmentId()).isEqualTo(second);
        // AND there is nothing more to do
        assertThat(TestNode.get(compact.compact(epoch()))).isZero();
    }

    @Test
    void whoIsNoLongerTheMasterMovesNothing() {
        inline("kept");
        long mine = epoch();
        sql("update master_epoch set epoch = epoch + 1");
        assertThat(TestNode.get(compact.compact(mine))).isZero();
        assertThat(count("select count(*) from segment_inline")).isEqualTo(1);
        assertThat(count("select count(*) from segment where object_key is not null"))
                .isZero();
    }

    @Test
    void aClosedWriterIsFollowedByANewOne() {
        inline("one");
        TestNode.get(compact.compact(epoch()));
        sql("update writer set closed_at = clock_timestamp()");
        inline("two");
        assertThat(TestNode.get(compact.compact(epoch()))).isEqualTo(1);
    }

    @Test
    void aSegmentThatIsNotWhatWasWrittenStaysAndHoldsUpNothing() {
        UUID broken = inline("broken");
        sql("update segment_inline set bytes = set_byte(bytes, 100, (get_byte(bytes, 100) + 1) % 256)");
        inline("whole");
        assertThat(TestNode.get(compact.compact(epoch()))).isEqualTo(1);
        assertThat(TestNode.get(test.node()
                                .postgres()
                                .query("select segment_id from segment_inline")
                                .execute())
                        .iterator()
                        .next()
                        .getUUID(0))
                .isEqualTo(broken);
    }

    @Test
    void waitsForEnoughOrForLongEnough() {
        assertThat(CompactVerticle.isDue(new InlineSegments.Waiting(0, Duration.ofDays(1))))
                .isFalse();
        assertThat(CompactVerticle.isDue(new InlineSegments.Waiting(CompactVerticle.ENOUGH - 1, Duration.ofMinutes(7))))
                .isFalse();
        assertThat(CompactVerticle.isDue(new InlineSegments.Waiting(CompactVerticle.ENOUGH, Duration.ZERO)))
                .isTrue();
        assertThat(CompactVerticle.isDue(new InlineSegments.Waiting(1, CompactVerticle.LONGEST)))
                .isTrue();
    }

    /** A committed inline segment with a chunk for each text. */
    private UUID inline(String... texts) {
        UUID id = NewId.now();
        SegmentWriter segment = new SegmentWriter(new SegmentHead(NewId.now(), id, 0));
        for (String text : texts) {
            Buffer payload = new Chunk(
                            refs.size(),
                            1,
                            1,
                            1,
                            Codec.NONE,
                            text.length(),
                            0,
                            false,
                            Optional.empty(),
                            Buffer.buffer(),
                            Buffer.buffer(text))
                    .encode();
            SegmentEntry entry = segment.add(stream, refs.size(), payload, ChunkFacts.of(payload));
            refs.add(new BlockRef(stream, refs.size(), id, entry.blockOffset(), entry.blockLength()));
        }
        TestNode.get(test.node()
                .postgres()
                .preparedQuery("insert into segment (id, writer_id, length, blocks) values ($1, $2, $3, $4)")
                .execute(Tuple.of(id, segment.head().writerId(), segment.length(), texts.length)));
        TestNode.get(test.node()
                .postgres()
                .preparedQuery("insert into segment_inline (segment_id, bytes) values ($1, $2)")
                .execute(Tuple.of(id, segment.inline())));
        return id;
    }

    private static long epoch() {
        return count("select epoch from master_epoch");
    }

    private static long count(String query) {
        return TestNode.get(test.node().postgres().query(query).execute())
                .iterator()
                .next()
                .getLong(0);
    }

    private static void sql(String statement) {
        TestNode.get(test.node().postgres().query(statement).execute());
    }
}
