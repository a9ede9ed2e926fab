package dev.gatehouse.bench.load;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.gatehouse.bench.target.Identities;
import dev.gatehouse.protocol.message.Backlog;
import dev.gatehouse.protocol.message.Control;
import dev.gatehouse.protocol.message.Heartbeat;
import dev.gatehouse.protocol.message.Hello;
import dev.gatehouse.protocol.message.StreamKind;
import dev.gatehouse.protocol.message.StreamOpen;
import dev.gatehouse.protocol.message.StreamOpened;
import dev.gatehouse.protocol.message.StreamState;
import dev.gatehouse.protocol.message.Welcome;
import dev.gatehouse.protocol.stream.Ack;
import dev.gatehouse.protocol.stream.Chunk;
import dev.gatehouse.protocol.transport.Link;
import dev.gatehouse.protocol.transport.Priority;
import dev.gatehouse.protocol.wire.Frame;
import dev.gatehouse.protocol.wire.FrameType;
import dev.gatehouse.protocol.wire.Ids;
import dev.gatehouse.protocol.wire.ProtocolException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.UUID;
import java.util.function.LongConsumer;

/**
 * One agent of a load: a link, at most one stream on it, heartbeats. Speaks the real protocol over real TLS; what it lacks of an agent is the spool. Confined to the context that made it.
 */
public final class LoadLink {

    /** Makes the next chunk of a stream. */
    public interface Chunks {
        Buffer next(long sequence);
    }

    /** @param at when it was made, nanoseconds */
    private record Sent(long sequence, long at, int records, int bytes) {}

    /** What was acknowledged of the link's stream: {@code chunks} from number 0 on, whose contents as sent are {@code bytes} long together. */
    public record Acknowledged(UUID streamId, long chunks, long bytes) {}

    private final Vertx vertx;
    private final Context context;
    private final SharedDial dial;
    private final int number;
    private final Identities.Identity identity;
    private final LongConsumer onLost;
    private final Promise<Void> welcomed = Promise.promise();
    private final long run = System.currentTimeMillis(); // above that of the mode before
    private final UUID runId = UUID.randomUUID();
    private final UUID streamId = UUID.randomUUID();
    private final Deque<Sent> unacked = new ArrayDeque<>();
    private Promise<Void> opened = Promise.promise();
    private Link link;
    private Welcome welcome;
    private long counter;
    private long limit;
    private long sent;
    private long next;
    private long acknowledgedChunks;
    private long acknowledgedBytes;
    private Runnable onAck = () -> {};
    private LongConsumer onDurable = records -> {};
    private LongConsumer onLatency = nanos -> {};
    private Runnable whenGone = () -> {};
    private boolean ended;
    private boolean closing;
    private long pingedLate;

    /**
     * @param number of the agent among those of the load
     * @param onLost told the time when the link has ended though nobody asked for it
     */
    public LoadLink(Vertx vertx, SharedDial dial, int number, LongConsumer onLost) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.dial = dial;
        this.number = number;
        this.identity = dial.identity(number);
        this.onLost = onLost;
    }

    /** Completes when the gateway has said WELCOME. */
    public Future<Void> connect() {
        dial.link(number)
                .onSuccess(made -> {
                    link = made;
                    link.start(this::frame, end -> {
                        ended = true;
                        whenGone.run();
                        if (!welcomed.tryFail("link ended before WELCOME: " + end.detail()) && !closing) {
                            onLost.accept(System.nanoTime());
                        }
                        opened.tryFail(end.detail());
                    });
                    link.send(Control.newBuilder().setHello(hello()).build());
                })
                .onFailure(welcomed::tryFail);
        return welcomed.future();
    }

    private Hello hello() {
        return Hello.newBuilder()
                .setAgentId(Ids.bytes(identity.agentId()))
                .setName(identity.name())
                .setVersion("bench")
                .setRun(run)
                .setRunId(Ids.bytes(runId))
                .setCounter(++counter)
                .setBacklog(Backlog.getDefaultInstance())
                .build();
    }

    /** Of the agent among those of the load. */
    public int number() {
        return number;
    }

    /** A new stream from number 0. */
    public Future<Void> open(StreamKind kind, String mediaType) {
        link.send(Frame.of(
                FrameType.STREAM_OPEN,
                1,
                StreamOpen.newBuilder()
                        .setStreamId(Ids.bytes(streamId))
                        .setKind(kind)
                        .setSubject("bench")
                        .setMediaType(mediaType)
                        .setName("bench")
                        .setOpenedAt(System.currentTimeMillis() * 1000)
                        .build()));
        return opened.future();
    }

    /** Who is told of acknowledgements: records that became durable, nanoseconds since their chunk was made, and that there may be room again. */
    public void listen(LongConsumer onDurable, LongConsumer onLatency, Runnable onAck) {
        this.onDurable = onDurable;
        this.onLatency = onLatency;
        this.onAck = onAck;
        link.onDrain(onAck);
    }

    /** Sends chunks for as long as window and socket take them. */
    public void fill(Chunks chunks, int records, int size) {
        while (sent + size <= limit && link.isOpen() && link.writable(Priority.BULK)) {
            send(chunks, records, System.nanoTime());
        }
    }

    /** Sends one chunk that was due at a time; whether the window had room for it. */
    public boolean one(Chunks chunks, int records, int size, long dueAt) {
        if (sent + size > limit || !link.isOpen()) {
            return false;
        }
        send(chunks, records, dueAt);
        return true;
    }

    private void send(Chunks chunks, int records, long at) {
        Buffer payload = chunks.next(next);
        unacked.add(new Sent(next, at, records, payload.length() - Chunk.HEADER_BYTES));
        next++;
        sent += payload.length();
        link.send(new Frame(FrameType.CHUNK, 1, payload), Priority.BULK);
    }

    /**
     * Holds the gateway to its answers: each {@code periodMillis} a PING, whose PONG says that everything sent before has been read.
     *
     * @param late told for each how many nanoseconds after it was due it was answered; while there is no answer, for how long there has been none
     */
    public void watch(long periodMillis, LongConsumer late) {
        long period = periodMillis * 1_000_000;
        long[] due = {System.nanoTime(), 0}; // of the next, and of the one that waits for an answer
        vertx.setPeriodic(periodMillis, timer -> {
            if (!link.isOpen()) {
                vertx.cancelTimer(timer);
                return;
            }
            long now = System.nanoTime();
            due[0] += period;
            if (due[1] != 0) {
                if (link.roundTripNanos().isEmpty()) {
                    late.accept(now - due[1]);
                    return;
                }
                late.accept(pingedLate + link.roundTripNanos().getAsLong());
            }
            due[1] = due[0];
            pingedLate = Math.max(0, now - due[0]);
            link.ping();
        });
    }

    /** Once the link has gone. */
    public Acknowledged acknowledged() {
        return new Acknowledged(streamId, acknowledgedChunks, acknowledgedBytes);
    }

    /** Ends the link without a word and completes when it has gone. From any thread. */
    public Future<Void> cut() {
        Promise<Void> gone = Promise.promise();
        context.runOnContext(own -> {
            closing = true;
            if (link == null || ended) {
                gone.complete();
            } else {
                whenGone = gone::tryComplete;
                link.close();
            }
        });
        return gone.future();
    }

    private void frame(Frame frame) throws ProtocolException {
        try {
            switch (frame.type()) {
                case CONTROL -> control(Control.parseFrom(frame.payload().getBytes()));
                case STREAM_OPENED ->
                    streamOpened(StreamOpened.parseFrom(frame.payload().getBytes()));
                case ACK -> ack(Ack.decode(frame.payload()), frame.channel());
                default -> throw new ProtocolException("unexpected " + frame.type());
            }
        } catch (InvalidProtocolBufferException e) {
            throw new ProtocolException(e.getMessage());
        }
    }

    private void control(Control control) {
        switch (control.getBodyCase()) {
            case WELCOME -> {
                welcome = control.getWelcome();
                limit = welcome.getCaptureLimit();
                vertx.setPeriodic(Math.max(1000, welcome.getHeartbeatMillis()), timer -> {
                    if (closing || !link.isOpen()) {
                        vertx.cancelTimer(timer);
                    } else {
                        link.send(Control.newBuilder()
                                .setHeartbeat(Heartbeat.newBuilder().setTime(System.currentTimeMillis() * 1000))
                                .build());
                    }
                });
                welcomed.tryComplete();
            }
            case ERROR -> {
                String text =
                        control.getError().getCode() + ": " + control.getError().getDetail();
                welcomed.tryFail(text);
                opened.tryFail(text);
            }
            default -> {}
        }
    }

    private void streamOpened(StreamOpened answer) {
        if (answer.getState() == StreamState.OPEN_FOR_CHUNKS) {
            opened.tryComplete();
        } else {
            opened.tryFail(answer.getState() + ": " + answer.getDetail());
        }
    }

    private void ack(Ack ack, int channel) {
        limit = Math.max(limit, ack.limit());
        long now = System.nanoTime();
        while (channel != 0 && !unacked.isEmpty() && unacked.peek().sequence() < ack.next()) {
            Sent chunk = unacked.remove();
            acknowledgedChunks++;
            acknowledgedBytes += chunk.bytes();
            onDurable.accept(chunk.records());
            onLatency.accept(now - chunk.at());
        }
        onAck.run();
    }
}
