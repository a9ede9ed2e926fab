package dev.gatehouse.shared.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.shared.cluster.Role;
import dev.gatehouse.shared.store.ObjectStore;
import dev.gatehouse.shared.store.StoreException;
import dev.gatehouse.shared.testing.TestNode;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class BlockSourceIT {

    private static final TestNode test = TestNode.start(Role.INGEST_WORKER);

    private final Pool postgres = test.node().postgres();
    private final ObjectStore store = test.node().store();
    private final BlockSource source = new BlockSource(postgres, store);
    private final UUID stream = UUID.randomUUID();
    private final SegmentWriter segment = new SegmentWriter(new SegmentHead(NewId.now(), NewId.now(), 0));
    private final String key = segment.head().writerId() + "/" + segment.head().segmentId() + ".seg";
    private final List<Buffer> payloads =
            IntStream.range(0, 20).mapToObj(i -> Buffer.buffer("payload " + i)).toList();
    private final List<BlockRef> refs =
            IntStream.range(0, 20).mapToObj(this::add).toList();

    @AfterAll
    static void close() {
        test.close();
    }

    @Test
    void readsFromAnObject() {
        TestNode.get(store.put(key, segment.object()));
        row(key);
        assertThat(read()).extracting(block -> block.payload().orElseThrow()).isEqualTo(payloads);
    }

    @Test
    void readsInlineAndAfterTheMoveIntoAnObject() {
        row(null);
        execute(
                "insert into segment_inline values ($1, $2)",
                Tuple.of(segment.head().segmentId(), segment.inline()));
        assertThat(read()).extracting(block -> block.payload().orElseThrow()).isEqualTo(payloads);
        // WHEN its blocks are moved behind others in an object
        TestNode.get(store.put(key, List.of(Buffer.buffer("blocks of others"), segment.inline())));
        execute(
                "delete from segment_inline where segment_id = $1",
                Tuple.of(segment.head().segmentId()));
        execute(
                "update segment set object_key = $2, object_offset = 16 where id = $1",
                Tuple.of(segment.head().segmentId(), key));
        assertThat(read()).extracting(block -> block.payload().orElseThrow()).isEqualTo(payloads);
    }

    @Test
    void oneSpoiledBlockIsAnsweredAsSuchAndTheOthersAreRead() {
        Buffer blocks = segment.inline();
        int at = refs.get(3).blockOffset() + refs.get(3).blockLength() - 1;
        blocks.setByte(at, (byte) ~blocks.getByte(at));
        TestNode.get(store.put(key, List.of(segment.head().encode(SegmentHead.OBJECT), blocks)));
        row(key);
        List<Block> read = read();
        assertThat(read.get(3).payload()).isEmpty();
        assertThat(read.get(3).problem()).contains("CRC");
        assertThat(read.stream().filter(block -> block.payload().isPresent())).hasSize(19);
    }

    @Test
    void anotherChunksBlockIsNotTakenForTheOneAskedFor() {
        TestNode.get(store.put(key, segment.object()));
        row(key);
        BlockRef wrong = new BlockRef(
                stream,
                7,
                segment.head().segmentId(),
                refs.get(0).blockOffset(),
                refs.get(0).blockLength());
        Block block = TestNode.get(source.read(List.of(wrong))).getFirst();
        assertThat(block.problem()).isEqualTo("block holds chunk 0 of stream " + stream);
    }

    @Test
    void aMissingObjectFailsAndAMissingSegmentIsSaid() {
        assertThat(read().getFirst().problem()).startsWith("no segment");
        row(key);
        assertThatThrownBy(this::read).isInstanceOf(StoreException.Missing.class);
    }

    @Test
    void theIndexIsFoundFromTheObjectsEnd() {
        TestNode.get(store.put(key, segment.object()));
        ObjectStore.Entry object = TestNode.get(store.list(key, "", 1)).getFirst();
        assertThat(TestNode.get(SegmentFile.index(store, object)).entries()).isEqualTo(segment.entries());
    }

    private BlockRef add(int i) {
        Buffer payload = payloads.get(i);
        SegmentEntry entry = segment.add(stream, i, payload, ChunkFacts.of(payload));
        return new BlockRef(stream, i, segment.head().segmentId(), entry.blockOffset(), entry.blockLength());
    }

    private List<Block> read() {
        return TestNode.get(source.read(refs));
    }

    private void row(String objectKey) {
        execute(
                "insert into segment (id, writer_id, object_key, object_offset, length, blocks) values ($1, $2, $3, $4, $5, 20)",
                Tuple.of(
                        segment.head().segmentId(),
                        segment.head().writerId(),
                        objectKey,
                        objectKey == null ? 0L : (long) SegmentHead.BYTES,
                        segment.length()));
    }

    private void execute(String sql, Tuple parameters) {
        TestNode.get(postgres.preparedQuery(sql).execute(parameters));
    }
}
