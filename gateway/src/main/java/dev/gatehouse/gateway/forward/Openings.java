package dev.gatehouse.gateway.forward;

import dev.gatehouse.shared.bus.ChunkBatch;
import dev.gatehouse.shared.bus.StreamOpening;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * The streams whose opening a worker has not answered yet: a few are asked for at once, so that a fleet that opens its streams again doesn't flood worker and database; a question that fails or stays unanswered is
 * asked again.
 *
 * <p>Pure; confined to its forwarder's context.
 */
final class Openings {

    static final int MAX_ASKED = 128;
    static final long ANSWER_NANOS = Duration.ofSeconds(10).toNanos();

    private static final long REST_NANOS = Duration.ofMillis(200).toNanos();

    private record Asked(StreamChannel channel, long at) {}

    private record Resting(StreamChannel channel, long until) {}

    private final String worker;
    private final ChunkBatch.Sender sender;
    private final WorkerOutput output;
    private final RandomGenerator random;
    private final ArrayDeque<StreamChannel> waiting = new ArrayDeque<>();
    private final ArrayDeque<Resting> resting = new ArrayDeque<>();
    private final Map<Long, Asked> asked = new HashMap<>();
    private long lastRequest;

    Openings(String worker, ChunkBatch.Sender sender, WorkerOutput output, RandomGenerator random) {
        this.worker = worker;
        this.sender = sender;
        this.output = output;
        this.random = random;
    }

    void add(StreamChannel channel, long now) {
        waiting.add(channel);
        ask(now);
    }

    /** The channel that a question was about; null when it isn't asked any more or the channel is closed. */
    StreamChannel answered(long request, long now) {
        Asked question = asked.remove(request);
        ask(now);
        return question == null || question.channel.state != StreamChannel.State.OPENING ? null : question.channel;
    }

    void failed(long request, long now) {
        StreamChannel channel = answered(request, now);
        if (channel != null) {
            resting.add(new Resting(channel, now + REST_NANOS + random.nextLong(REST_NANOS)));
        }
    }

    void tick(long now) {
        for (Map.Entry<Long, Asked> question : new ArrayList<>(asked.entrySet())) {
            if (now - question.getValue().at >= ANSWER_NANOS) {
                failed(question.getKey(), now);
            }
        }
        for (int i = resting.size(); i > 0; i--) {
            Resting next = resting.remove();
            if (next.until - now <= 0) {
                waiting.add(next.channel);
            } else {
                resting.add(next);
            }
        }
        ask(now);
    }

    private void ask(long now) {
        while (!waiting.isEmpty() && asked.size() < MAX_ASKED) {
            StreamChannel channel = waiting.remove();
            if (channel.state == StreamChannel.State.OPENING) {
                asked.put(++lastRequest, new Asked(channel, now));
                output.open(worker, lastRequest, new StreamOpening(sender, channel.link.agentId, channel.open));
            }
        }
    }
}
