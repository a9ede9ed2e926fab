package dev.gatehouse.gateway.forward;

import dev.gatehouse.protocol.message.StreamOpened;
import dev.gatehouse.protocol.message.StreamState;
import dev.gatehouse.protocol.stream.Ack;
import dev.gatehouse.protocol.stream.Chunk;
import dev.gatehouse.protocol.stream.Codec;
import dev.gatehouse.protocol.wire.ProtocolException;
import dev.gatehouse.shared.bus.ChunkBatch;
import dev.gatehouse.shared.bus.Progress;
import dev.gatehouse.shared.bus.StreamOpening;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;

/** A forwarder with a clock of its own whose words to links and workers are kept for the test to look at and answer. */
final class ForwarderBench implements WorkerOutput {

    record Opening(String worker, long request, StreamOpening opening) {}

    record Batch(String worker, ChunkBatch batch) {

        long number() {
            return batch.number();
        }

        List<Long> sequences() {
            return batch.chunks().stream()
                    .map(item -> Chunk.sequence(item.payload()))
                    .toList();
        }

        long bytes() {
            return batch.chunks().stream()
                    .mapToLong(item -> item.payload().length())
                    .sum();
        }
    }

    final CaptureBudget budget = new CaptureBudget(1024L * 1024 * 1024);
    final List<Opening> openings = new ArrayList<>();
    final List<Batch> batches = new ArrayList<>();
    final Forwarder forwarder = new Forwarder(
            "g-1", 0, 100, new Forwarder.Limits(budget, 4L * 1024 * 1024), this, new Random(3), nanos -> {});
    private final Random random = new Random(4);
    private long now = Long.MAX_VALUE - Duration.ofSeconds(1).toNanos(); // nanoTime may wrap: start before it does

    ForwarderBench(String... workers) {
        workers(workers);
    }

    long now() {
        return now;
    }

    void workers(String... ids) {
        forwarder.workers(List.of(ids), now);
        flush();
    }

    TestLink link() {
        return new TestLink();
    }

    /** A link whose stream is open on the channel, from 0. */
    TestLink linkWith(UUID stream, int channel) throws ProtocolException {
        TestLink link = link();
        link.open(stream, channel);
        answerOpening(0, StreamState.OPEN_FOR_CHUNKS);
        return link;
    }

    void answerOpening(long next, StreamState state) {
        answerOpening(openings.getLast(), next, state);
    }

    void answerOpening(Opening asked, long next, StreamState state) {
        forwarder.opened(
                asked.worker,
                asked.opening.sender().epoch(),
                asked.request,
                StreamOpened.newBuilder().setState(state).setNext(next).build(),
                now);
        flush();
    }

    void failOpening() {
        Opening last = openings.getLast();
        forwarder.openFailed(last.worker, last.opening.sender().epoch(), last.request, now);
    }

    void reply(long number, ChunkBatch.Reply reply) {
        replyTo(
                batches.stream()
                        .filter(batch -> batch.number() == number)
                        .reduce((a, b) -> b)
                        .orElseGet(() -> new Batch(
                                openings.getLast().worker,
                                new ChunkBatch(openings.getLast().opening.sender(), number, List.of()))),
                reply);
    }

    void replyTo(Batch batch, ChunkBatch.Reply reply) {
        forwarder.answered(batch.worker, batch.batch.sender().epoch(), batch.number(), reply, now);
        flush();
    }

    void progress(String worker, UUID stream, long next, Progress.Fault fault) {
        forwarder.progress(new Progress(worker, List.of(new Progress.Item(stream, next, fault))), now);
        flush();
    }

    void after(Duration passed) {
        now += passed.toNanos();
        forwarder.tick(now);
    }

    void flush() {
        forwarder.flush(now);
    }

    @Override
    public void open(String worker, long request, StreamOpening opening) {
        openings.add(new Opening(worker, request, opening));
    }

    @Override
    public void send(String worker, ChunkBatch batch) {
        batches.add(new Batch(worker, batch));
    }

    static Buffer chunk(long sequence, int bytes) {
        return encoded(sequence, bytes, Optional.empty());
    }

    static Buffer last(long sequence, int bytes) {
        return encoded(sequence, bytes, Optional.of(new Chunk.Fin(sequence + 1, Buffer.buffer(new byte[32]))));
    }

    private static Buffer encoded(long sequence, int bytes, Optional<Chunk.Fin> fin) {
        return new Chunk(
                        sequence,
                        0,
                        0,
                        1,
                        Codec.NONE,
                        bytes,
                        0,
                        false,
                        fin,
                        Buffer.buffer(),
                        Buffer.buffer(new byte[bytes]))
                .encode();
    }

    /** An agent's end of a link. */
    final class TestLink implements LinkOutput {

        record Told(int channel, Ack ack) {}

        record Answer(int channel, StreamOpened answer) {}

        final List<Told> acks = new ArrayList<>();
        final List<Answer> opened = new ArrayList<>();
        final List<String> rewinds = new ArrayList<>();
        final LinkStreams streams = forwarder.link(new UUID(random.nextLong(), random.nextLong()), this);
        private long limit = streams.captureLimit();

        void open(UUID stream, int channel) throws ProtocolException {
            forwarder.open(streams, channel, stream, Buffer.buffer("open"), now);
        }

        void send(int channel, Buffer... payloads) throws ProtocolException {
            for (Buffer payload : payloads) {
                forwarder.chunk(streams, channel, payload, now);
            }
            ForwarderBench.this.flush();
        }

        /** Sends as much as the window allows at first, in large chunks. */
        void saturate(int channel) throws ProtocolException {
            long sent = 0;
            for (long sequence = 0; sent + 60_048 <= limit; sequence++, sent += 60_048) {
                forwarder.chunk(streams, channel, chunk(sequence, 60_000), now);
            }
        }

        void end() {
            forwarder.unlink(streams);
            ForwarderBench.this.flush();
        }

        long lastLimit() {
            return limit;
        }

        @Override
        public void opened(int channel, StreamOpened answer) {
            opened.add(new Answer(channel, answer));
        }

        @Override
        public void ack(int channel, Ack ack) {
            acks.add(new Told(channel, ack));
            limit = ack.limit();
        }

        @Override
        public void flush() {}

        @Override
        public void rewind(String reason) {
            rewinds.add(reason);
        }
    }
}
