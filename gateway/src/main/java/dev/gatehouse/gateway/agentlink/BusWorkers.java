package dev.gatehouse.gateway.agentlink;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.gatehouse.gateway.forward.Forwarder;
import dev.gatehouse.gateway.forward.WorkerOutput;
import dev.gatehouse.protocol.message.StreamOpened;
import dev.gatehouse.shared.bus.Addresses;
import dev.gatehouse.shared.bus.ChunkBatch;
import dev.gatehouse.shared.bus.StreamOpening;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ingest-workers, reached over the bus for one forwarder. Confined to its context, from which everything is sent: so the order holds. */
final class BusWorkers implements WorkerOutput {

    /** For the bus to forget a question; the forwarder's own clock has asked again by then. */
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private static final Logger log = LoggerFactory.getLogger(BusWorkers.class);

    private final Vertx vertx;
    private final LinkMetrics metrics;
    private final DeliveryOptions options = new DeliveryOptions().setSendTimeout(LIMIT.toMillis());
    private Forwarder forwarder;
    private Runnable turn;

    BusWorkers(Vertx vertx, LinkMetrics metrics) {
        this.vertx = vertx;
        this.metrics = metrics;
    }

    /** Who is told the answers, and that a turn has input. */
    void tell(Forwarder answers, Runnable hasInput) {
        this.forwarder = answers;
        this.turn = hasInput;
    }

    @Override
    public void send(String worker, ChunkBatch batch) {
        metrics.sent(batch.chunks().stream()
                .mapToLong(item -> item.payload().length())
                .sum());
        long epoch = batch.sender().epoch();
        vertx.eventBus()
                .<ChunkBatch.Reply>request(Addresses.ingest(worker), batch, options)
                .onComplete(
                        reply -> {
                            forwarder.answered(worker, epoch, batch.number(), reply.body(), System.nanoTime());
                            turn.run();
                        },
                        cause -> {
                            if (!isTimeout(cause)) {
                                forwarder.sendFailed(worker, epoch, batch.number(), System.nanoTime());
                            }
                        });
    }

    @Override
    public void open(String worker, long request, StreamOpening opening) {
        long epoch = opening.sender().epoch();
        vertx.eventBus()
                .<Buffer>request(Addresses.ingest(worker), opening, options)
                .map(Message::body)
                .onComplete(
                        answer -> {
                            try {
                                forwarder.opened(
                                        worker,
                                        epoch,
                                        request,
                                        StreamOpened.parseFrom(answer.getBytes()),
                                        System.nanoTime());
                            } catch (InvalidProtocolBufferException unreadable) {
                                log.warn("Worker {} answered an opening with what is no STREAM_OPENED", worker);
                                forwarder.openFailed(worker, epoch, request, System.nanoTime());
                            }
                            turn.run();
                        },
                        cause -> {
                            if (cause instanceof ReplyException reply && reply.failureCode() == StreamOpening.MOVED) {
                                forwarder.moved(worker, epoch, System.nanoTime());
                            } else {
                                forwarder.openFailed(worker, epoch, request, System.nanoTime());
                            }
                            turn.run();
                        });
    }

    private static boolean isTimeout(Throwable cause) {
        return cause instanceof ReplyException reply && reply.failureType() == ReplyFailure.TIMEOUT;
    }
}
