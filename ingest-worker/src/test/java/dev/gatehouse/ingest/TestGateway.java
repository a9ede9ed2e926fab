package dev.gatehouse.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.gatehouse.protocol.message.StreamKind;
import dev.gatehouse.protocol.message.StreamOpen;
import dev.gatehouse.protocol.message.StreamOpened;
import dev.gatehouse.protocol.message.StreamState;
import dev.gatehouse.shared.bus.Addresses;
import dev.gatehouse.shared.bus.ChunkBatch;
import dev.gatehouse.shared.bus.Progress;
import dev.gatehouse.shared.bus.StreamOpening;
import dev.gatehouse.shared.testing.TestNode;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** Speaks to a worker as a gateway does, one batch at a time. For one test thread. */
public final class TestGateway implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(5);
    private static final AtomicLong EPOCHS = new AtomicLong();

    private final Vertx vertx;
    private final String nodeId = "gateway-" + UUID.randomUUID();
    private final MessageConsumer<Progress> consumer;
    private final Map<UUID, Progress.Item> progress = new ConcurrentHashMap<>();
    private volatile String worker;
    private ChunkBatch.Sender sender;
    private long number;

    public TestGateway(Vertx vertx, String worker) {
        this.vertx = vertx;
        this.consumer = vertx.eventBus().consumer(Addresses.progress(nodeId), this::progressed);
        to(worker);
    }

    private void progressed(Message<Progress> message) {
        message.body().items().stream()
                .filter(item -> message.body().workerId().equals(worker))
                .forEach(item -> progress.put(item.streamId(), item));
    }

    /** From now on another worker, or the same anew. */
    public void to(String newWorker) {
        worker = newWorker;
        sender = new ChunkBatch.Sender(nodeId, 0, EPOCHS.incrementAndGet());
        number = 0;
        progress.clear();
    }

    public StreamOpened open(TestStream stream, long first) {
        progress.remove(stream.id());
        StreamOpen open = StreamOpen.newBuilder()
                .setStreamId(bytes(stream.id()))
                .setKind(stream.kind())
                .setSubject("alice")
                .setMediaType("text/plain")
                .setName("notes.txt")
                .setFirst(first)
                .setOpenedAt(System.currentTimeMillis() * 1000)
                .build();
        Buffer answer =
                request(new StreamOpening(sender, stream.agentId(), Buffer.buffer(open.toByteArray())), Buffer.class);
        try {
            return StreamOpened.parseFrom(answer.getBytes());
        } catch (com.google.protobuf.InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    /** Opens, and expects that chunks are taken from {@code next} on. */
    public void opens(TestStream stream, long first, long next) {
        StreamOpened opened = open(stream, first);
        assertThat(opened.getState()).isEqualTo(StreamState.OPEN_FOR_CHUNKS);
        assertThat(opened.getNext()).isEqualTo(next);
    }

    /** Sends one batch and expects that it is accepted, sooner or later. */
    public void send(TestStream stream, Buffer... payloads) {
        send(Stream.of(payloads)
                .map(payload -> new ChunkBatch.Item(stream.id(), payload))
                .toList());
    }

    public void send(List<ChunkBatch.Item> items) {
        number++;
        await().pollInterval(POLL).atMost(PATIENCE).until(() -> reply(items) == ChunkBatch.Reply.ACCEPTED);
    }

    /** The answer to the batch that would be next; it counts only if accepted. */
    public ChunkBatch.Reply offer(List<ChunkBatch.Item> items) {
        number++;
        ChunkBatch.Reply reply = reply(items);
        number -= reply == ChunkBatch.Reply.ACCEPTED ? 0 : 1;
        return reply;
    }

    public ChunkBatch.Reply offer(ChunkBatch.Sender other, long itsNumber, List<ChunkBatch.Item> items) {
        return request(new ChunkBatch(other, itsNumber, items), ChunkBatch.Reply.class);
    }

    public ChunkBatch.Sender sender() {
        return sender;
    }

    public long number() {
        return number;
    }

    private ChunkBatch.Reply reply(List<ChunkBatch.Item> items) {
        return request(new ChunkBatch(sender, number, items), ChunkBatch.Reply.class);
    }

    public void awaitDurable(TestStream stream, long next) {
        await().pollInterval(POLL)
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(progress.get(stream.id()))
                        .isEqualTo(new Progress.Item(stream.id(), next, Progress.Fault.NONE)));
    }

    public void awaitFault(TestStream stream, Progress.Fault fault) {
        await().pollInterval(POLL)
                .atMost(PATIENCE)
                .until(() -> progress.containsKey(stream.id())
                        && progress.get(stream.id()).fault() == fault);
    }

    /** What is known to be durable of the stream. */
    public long durable(TestStream stream) {
        Progress.Item item = progress.get(stream.id());
        return item == null ? 0 : item.next();
    }

    private <T> T request(Object body, Class<T> type) {
        return TestNode.get(vertx.eventBus()
                .<Object>request(Addresses.ingest(worker), body, new DeliveryOptions().setSendTimeout(10_000))
                .map(message -> type.cast(message.body())));
    }

    static ByteString bytes(UUID id) {
        return ByteString.copyFrom(ByteBuffer.allocate(16)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .flip());
    }

    @Override
    public void close() {
        TestNode.get(consumer.unregister());
    }

    /** A stream that a test sends. */
    public record TestStream(UUID id, UUID agentId, StreamKind kind) {

        public static TestStream of(StreamKind kind) {
            return new TestStream(UUID.randomUUID(), UUID.randomUUID(), kind);
        }
    }
}
