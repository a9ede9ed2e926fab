package dev.gatehouse.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.ingest.TestGateway.TestStream;
import dev.gatehouse.protocol.message.StreamKind;
import dev.gatehouse.shared.segment.Block;
import dev.gatehouse.shared.segment.BlockRef;
import dev.gatehouse.shared.segment.BlockSource;
import dev.gatehouse.shared.store.ObjectStore;
import dev.gatehouse.shared.testing.TestNode;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.stream.LongStream;

/** An agent's stream with all its chunks, small and large: sends what is not acknowledged, remembers what is, and in the end holds it against what was stored. */
public final class TestSpool {

    private final TestStream stream;
    private final List<Buffer> chunks = new ArrayList<>();
    private final Random random;
    private LongConsumer onAck = next -> {};
    private long acked;

    public TestSpool(int count, long seed) {
        this(TestStream.of(StreamKind.FILE), count, seed, 0);
    }

    /** As it was made before: the same stream, count and seed. */
    public TestSpool(TestStream stream, int count, long seed, long acked) {
        this.stream = stream;
        this.acked = acked;
        random = new Random(seed);
        for (int i = 0; i < count; i++) {
            boolean large = random.nextInt(4) == 0 || i < 2; // the first that are sent together are a segment
            int length = large ? 40_000 + random.nextInt(20_000) : 100 + random.nextInt(500);
            chunks.add(Chunks.content(i, length, seed));
        }
    }

    public TestStream stream() {
        return stream;
    }

    public long acked() {
        return acked;
    }

    /** Told whenever more is acknowledged. */
    public void onAck(LongConsumer listener) {
        onAck = listener;
    }

    /** Sends to the worker until all is acknowledged or the worker is dead. */
    public void send(TestGateway gateway, TestWorker worker) {
        gateway.to(worker.id());
        try {
            long next = open(gateway, worker);
            assertThat(next).as("what was acknowledged is durable").isGreaterThanOrEqualTo(acked);
            while (next < chunks.size() && !worker.crashed()) {
                int end = (int) Math.min(chunks.size(), next + 2 + random.nextInt(5));
                gateway.send(stream, chunks.subList((int) next, end).toArray(Buffer[]::new));
                next = end;
                if (random.nextBoolean()) {
                    awaitAcked(gateway, worker, next);
                }
            }
            awaitAcked(gateway, worker, chunks.size());
        } catch (RuntimeException e) {
            assertThat(worker.crashed())
                    .as("fails only because the worker has died: %s", e)
                    .isTrue();
        }
    }

    /** As gateways do: asks again until there is an answer. */
    private long open(TestGateway gateway, TestWorker worker) {
        AtomicLong next = new AtomicLong(acked);
        await().pollInterval(Duration.ofMillis(20))
                .atMost(Duration.ofSeconds(60))
                .ignoreExceptions()
                .until(() -> {
                    if (!worker.crashed()) {
                        next.set(gateway.open(stream, acked).getNext());
                    }
                    return true;
                });
        return next.get();
    }

    private void awaitAcked(TestGateway gateway, TestWorker worker, long next) {
        await().pollInterval(Duration.ofMillis(2))
                .atMost(Duration.ofSeconds(60))
                .until(() -> {
                    if (gateway.durable(stream) > acked) {
                        acked = gateway.durable(stream);
                        onAck.accept(acked);
                    }
                    return acked >= next || worker.crashed();
                });
    }

    /** Each chunk is stored once, as it was sent. */
    public void verify(Pool postgres, ObjectStore store) {
        List<BlockRef> refs = new ArrayList<>();
        for (Row row : TestNode.get(postgres.preparedQuery("""
                        select sequence, segment_id, block_offset, block_length from chunk
                        where stream_id = $1 order by sequence""").execute(Tuple.of(stream.id())))) {
            refs.add(new BlockRef(stream.id(), row.getLong(0), row.getUUID(1), row.getInteger(2), row.getInteger(3)));
        }
        assertThat(refs)
                .extracting(BlockRef::sequence)
                .containsExactlyElementsOf(
                        LongStream.range(0, chunks.size()).boxed().toList());
        assertThat(TestNode.get(new BlockSource(postgres, store).read(refs)).stream()
                        .map(Block::payload)
                        .map(payload -> payload.orElseThrow()))
                .isEqualTo(chunks);
    }
}
