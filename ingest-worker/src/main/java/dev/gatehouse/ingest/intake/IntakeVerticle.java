package dev.gatehouse.ingest.intake;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.gatehouse.ingest.commit.ChunkRows;
import dev.gatehouse.ingest.commit.CommitMeters;
import dev.gatehouse.ingest.commit.Committer;
import dev.gatehouse.ingest.commit.Cut;
import dev.gatehouse.ingest.commit.RecentEvents;
import dev.gatehouse.ingest.commit.StreamNext;
import dev.gatehouse.ingest.commit.StreamRows;
import dev.gatehouse.ingest.commit.TakenChunk;
import dev.gatehouse.protocol.message.StreamOpen;
import dev.gatehouse.protocol.message.StreamOpened;
import dev.gatehouse.shared.bus.Addresses;
import dev.gatehouse.shared.bus.ChunkBatch;
import dev.gatehouse.shared.bus.MalformedMessageException;
import dev.gatehouse.shared.bus.Progress;
import dev.gatehouse.shared.bus.StreamOpening;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The worker's ear: takes openings and batches from the bus, hands chunks to the {@link Committer} beside it, tells gateways what has become durable. Event loop. */
public final class IntakeVerticle extends VerticleBase {

    private static final Logger log = LoggerFactory.getLogger(IntakeVerticle.class);

    /** Nothing durable for so long: take no more, whatever room there is. */
    private static final Duration STALLED = Duration.ofSeconds(30);

    private static final Duration TICK = Duration.ofSeconds(1);

    /** Streams in one message of progress. */
    private static final int PROGRESS_ITEMS = 4096;

    private static final int MALFORMED = 400;
    private static final int FAILED = 500;
    private static final int LATER = 503;

    private final Committer.Parts parts;
    private final UUID firstWriter;
    private final Intake.Limits limits;
    private final CommitMeters meters;
    private final RecentEvents recent;
    private Intake intake;
    private Committer committer;
    private Openings openings;
    private MessageConsumer<Object> consumer;

    public IntakeVerticle(
            Committer.Parts parts, UUID firstWriter, Intake.Limits limits, CommitMeters meters, RecentEvents recent) {
        this.parts = parts;
        this.firstWriter = firstWriter;
        this.limits = limits;
        this.meters = meters;
        this.recent = recent;
    }

    @Override
    public Future<?> start() {
        committer = new Committer(parts, firstWriter, meters, recent, new FromCommitter());
        ToCommitter output = new ToCommitter();
        intake = new Intake(limits, output);
        output.comparisons = new Comparisons(intake, new ChunkRows(parts.postgres()));
        openings = new Registrar(intake, new StreamRows(parts.postgres()), parts.hook()).openings();
        vertx.setPeriodic(TICK.toMillis(), timer -> tick());
        consumer = vertx.eventBus().consumer(Addresses.ingest(parts.node()), this::received);
        return consumer.completion();
    }

    @Override
    public Future<?> stop() {
        committer.stop();
        return consumer.unregister();
    }

    /** From now on everything is answered with MOVED; completes when all that was taken is durable and told. Any thread. */
    public Future<Void> leave() {
        return onContext(() -> {
            intake.leave();
            openings.refuseAll();
            return committer.drain();
        });
    }

    /** The writer under which objects are written now. Any thread. */
    public Future<UUID> writer() {
        return onContext(() -> Future.succeededFuture(committer.writer()));
    }

    /** How the commit path fares, for those who are to yield to it and for the metrics. Any thread. */
    public CommitMeters.Load load() {
        return meters.load();
    }

    private <T> Future<T> onContext(Supplier<Future<T>> action) {
        Promise<T> done = Promise.promise();
        context.runOnContext(now -> action.get().onComplete(done));
        return done.future();
    }

    private void received(Message<Object> message) {
        try {
            switch (message.body()) {
                case ChunkBatch batch -> {
                    boolean stalled = committer.oldestAge().compareTo(STALLED) > 0;
                    message.reply(intake.batch(batch, committer.heldBytes(), stalled, System.nanoTime()));
                    committer.pump();
                }
                case StreamOpening opening -> open(message, opening);
                default -> message.fail(MALFORMED, message.body().getClass() + " is not for ingest-workers");
            }
        } catch (MalformedMessageException e) {
            log.warn("A message from {} is refused: {}", message.replyAddress(), e.getMessage());
            message.fail(MALFORMED, e.getMessage());
        } catch (RuntimeException e) {
            log.error("A message from {} failed", message.replyAddress(), e);
            message.fail(FAILED, e.toString());
        }
        meters.load(committer.heldBytes(), committer.oldestAge());
    }

    private void open(Message<Object> message, StreamOpening opening) {
        try {
            StreamOpen open = StreamOpen.parseFrom(opening.open().getBytes());
            ByteBuffer id = open.getStreamId().asReadOnlyByteBuffer();
            if (id.remaining() != 2 * Long.BYTES || open.getFirst() < 0) {
                message.fail(
                        MALFORMED,
                        "stream id of " + id.remaining() + " bytes, first number "
                                + Long.toUnsignedString(open.getFirst()) + "; 16 bytes and at most 2^63-1 are allowed");
                return;
            }
            openings.add(opening, open, new UUID(id.getLong(), id.getLong()), new BusAnswer(message));
        } catch (InvalidProtocolBufferException e) {
            message.fail(MALFORMED, "STREAM_OPEN cannot be decoded: " + e.getMessage());
        }
    }

    private void changed() {
        tell();
        openings.retry();
        meters.load(committer.heldBytes(), committer.oldestAge());
    }

    private void tick() {
        intake.tick(System.nanoTime());
        changed();
        meters.streams(intake.streams());
    }

    private void tell() {
        intake.progress().forEach((node, items) -> {
            for (int from = 0; from < items.size(); from += PROGRESS_ITEMS) {
                List<Progress.Item> part =
                        List.copyOf(items.subList(from, Math.min(items.size(), from + PROGRESS_ITEMS)));
                vertx.eventBus().send(Addresses.progress(node), new Progress(parts.node(), part));
            }
        });
    }

    /** Ties the intake to what comes of its chunks. */
    private final class FromCommitter implements Committer.Listener {

        @Override
        public void committed(List<StreamNext> streams) {
            streams.forEach(intake::committed);
            changed();
        }

        @Override
        public void refused(Cut chunks, String reason) {
            intake.refused(chunks, reason, System.nanoTime());
            changed();
        }
    }

    /** To a gateway, over the bus. */
    private record BusAnswer(Message<Object> message) implements Openings.Answer {

        @Override
        public void opened(StreamOpened opened) {
            message.reply(Buffer.buffer(opened.toByteArray()));
        }

        @Override
        public void later(String why) {
            message.fail(LATER, why);
        }

        @Override
        public void moved() {
            message.fail(StreamOpening.MOVED, "this worker is leaving");
        }
    }

    /** Ties the intake to what comes behind it. */
    private final class ToCommitter implements IntakeOutput {

        private Comparisons comparisons;

        @Override
        public void taken(TakenChunk chunk) {
            committer.add(chunk);
        }

        @Override
        public void compare(UUID streamId, long sequence, int crc) {
            comparisons.add(new ChunkRows.ChunkId(streamId, sequence), crc);
        }
    }
}
