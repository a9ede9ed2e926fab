package dev.gatehouse.gateway.testing;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.gatehouse.protocol.message.StreamOpen;
import dev.gatehouse.protocol.message.StreamOpened;
import dev.gatehouse.protocol.message.StreamState;
import dev.gatehouse.protocol.stream.Chunk;
import dev.gatehouse.protocol.wire.Ids;
import dev.gatehouse.protocol.wire.ProtocolException;
import dev.gatehouse.shared.bus.Addresses;
import dev.gatehouse.shared.bus.ChunkBatch;
import dev.gatehouse.shared.bus.ChunkBatch.Reply;
import dev.gatehouse.shared.bus.Progress;
import dev.gatehouse.shared.bus.Progress.Fault;
import dev.gatehouse.shared.bus.StreamOpening;
import dev.gatehouse.shared.node.Node;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An ingest-worker that keeps everything in memory and calls it durable at once, unless it is told to be busy, silent or leaving. Its node must have the role. Thread-safe.
 */
public final class FakeWorker implements AutoCloseable {

    /** How it behaves. */
    public enum Mood {
        WILLING,
        /** Takes chunks but never says that they are durable. */
        SLOW,
        BUSY,
        SILENT,
        LEAVING
    }

    private final Node node;
    private final MessageConsumer<Object> consumer;
    private final Map<UUID, List<Buffer>> streams = new HashMap<>();
    private final Map<UUID, UUID> owners = new HashMap<>();
    private final Map<ChunkBatch.Sender, Long> numbers = new HashMap<>();
    private final AtomicBoolean open = new AtomicBoolean(true);
    private volatile Mood mood = Mood.WILLING;
    private int batches;
    private long bytes;

    public FakeWorker(Node node) {
        this.node = node;
        this.consumer = node.vertx().eventBus().consumer(Addresses.ingest(node.id()), this::take);
    }

    public void mood(Mood now) {
        mood = now;
    }

    public synchronized List<Buffer> stored(UUID stream) {
        return List.copyOf(streams.getOrDefault(stream, List.of()));
    }

    public synchronized int batches() {
        return batches;
    }

    public synchronized long bytes() {
        return bytes;
    }

    /** Says once more what is durable, to the gateway. */
    public void tell(String gatewayId, UUID stream, long next, Fault fault) {
        node.vertx()
                .eventBus()
                .send(
                        Addresses.progress(gatewayId),
                        new Progress(node.id(), List.of(new Progress.Item(stream, next, fault))));
    }

    @Override
    public void close() {
        if (open.compareAndSet(true, false)) {
            consumer.unregister();
        }
    }

    private void take(Message<Object> message) {
        if (mood == Mood.SILENT) {
            return;
        }
        if (message.body() instanceof StreamOpening opening) {
            message.reply(Buffer.buffer(open(opening).toByteArray()));
        } else if (message.body() instanceof ChunkBatch batch) {
            take(message, batch);
        }
    }

    private synchronized StreamOpened open(StreamOpening opening) {
        try {
            StreamOpen open = StreamOpen.parseFrom(opening.open().getBytes());
            UUID id = Ids.uuid("stream", open.getStreamId());
            if (!owners.computeIfAbsent(id, first -> opening.agentId()).equals(opening.agentId())) {
                return StreamOpened.newBuilder()
                        .setState(StreamState.REFUSED)
                        .setDetail("another agent's stream")
                        .build();
            }
            return StreamOpened.newBuilder()
                    .setState(StreamState.OPEN_FOR_CHUNKS)
                    .setNext(streams.computeIfAbsent(id, first -> new ArrayList<>())
                            .size())
                    .build();
        } catch (InvalidProtocolBufferException | ProtocolException e) {
            throw new IllegalStateException("gateway let a bad STREAM_OPEN pass", e);
        }
    }

    private void take(Message<Object> message, ChunkBatch batch) {
        switch (mood) {
            case BUSY -> message.reply(Reply.BUSY);
            case LEAVING -> message.reply(Reply.MOVED);
            default -> {
                message.reply(store(batch));
                if (mood == Mood.WILLING) {
                    tell(batch);
                }
            }
        }
    }

    private synchronized Reply store(ChunkBatch batch) {
        long expected = numbers.getOrDefault(batch.sender(), 0L) + 1;
        if (batch.number() > expected) {
            return Reply.BUSY;
        }
        if (batch.number() == expected) {
            numbers.put(batch.sender(), expected);
            batches++;
            for (ChunkBatch.Item item : batch.chunks()) {
                List<Buffer> stream = streams.computeIfAbsent(item.streamId(), id -> new ArrayList<>());
                if (Chunk.sequence(item.payload()) == stream.size()) {
                    stream.add(item.payload());
                    bytes += item.payload().length();
                }
            }
        }
        return Reply.ACCEPTED;
    }

    private synchronized void tell(ChunkBatch batch) {
        List<Progress.Item> items = batch.chunks().stream()
                .map(ChunkBatch.Item::streamId)
                .distinct()
                .map(id -> new Progress.Item(id, streams.get(id).size(), Fault.NONE))
                .toList();
        node.vertx().eventBus().send(Addresses.progress(batch.sender().nodeId()), new Progress(node.id(), items));
    }
}
