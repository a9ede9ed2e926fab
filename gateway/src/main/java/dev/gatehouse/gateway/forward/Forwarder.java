package dev.gatehouse.gateway.forward;

import dev.gatehouse.protocol.message.StreamOpened;
import dev.gatehouse.protocol.message.StreamState;
import dev.gatehouse.protocol.stream.Chunk;
import dev.gatehouse.protocol.wire.ProtocolException;
import dev.gatehouse.shared.bus.ChunkBatch;
import dev.gatehouse.shared.bus.Progress;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongConsumer;
import java.util.random.RandomGenerator;

/**
 * Brings the chunks of the links of one gateway context to ingest-workers and the workers' answers back: nothing is kept here that the agents' spools don't have.
 *
 * <p>An agent is pinned to a worker for as long as that worker is a member; when it has left, or says MOVED, the links are rewound, and the agents open their streams again, at another worker, from what is
 * durable. Chunks of a stream reach a worker in the order in which they came, through repeats, refusals and losses ({@link Lane}). A stream belongs to the link that opened it last.
 *
 * <p>(More than 300 lines: each event of one state machine is here and each may end in a rewind, which touches links, lanes and streams at once; what stands by itself is in {@link Lane}, {@link Openings}, {@link LinkStreams} and {@link LinkWindow}.)
 *
 * <p>Pure: it is told links, chunks, answers, members and times ({@link System#nanoTime()} values), and says through {@link LinkOutput} and {@link WorkerOutput} what to send. {@link #flush} is called when a
 * turn's input is in, {@link #tick} each {@link #TICK}. Confined to one context.
 */
public final class Forwarder {

    public static final Duration TICK = Duration.ofMillis(50);

    /** How often the agents are told again what is durable, while something is not. */
    private static final long REPEAT_NANOS = Duration.ofSeconds(1).toNanos();

    /** A worker repeats each second what is not durable. One that says nothing for so long of chunks that it has accepted doesn't know them any more: it has begun anew under its old id. */
    private static final long SILENT_NANOS = Duration.ofSeconds(10).toNanos();

    /** Most bytes that one link may have on its way, and the budget that all draw on. */
    public record Limits(CaptureBudget budget, long linkWindow) {}

    private final Lanes lanes;
    private final Limits limits;
    private final LongConsumer lag;
    private final Set<LinkStreams> links = new LinkedHashSet<>();
    private final Set<LinkStreams> unplaced = new LinkedHashSet<>();
    private final Map<UUID, StreamChannel> streams = new HashMap<>();
    private final List<LinkStreams> changed = new ArrayList<>();
    private long lastOpening;
    private long repeatedAt;

    /**
     * @param epoch above every epoch that this node and instance had before
     *
     * @param lag told, for each progress of a stream, for how many nanoseconds it had waited
     */
    public Forwarder(
            String nodeId,
            int instance,
            long epoch,
            Limits limits,
            WorkerOutput output,
            RandomGenerator random,
            LongConsumer lag) {
        this.lanes = new Lanes(nodeId, instance, epoch, output, random);
        this.limits = limits;
        this.lag = lag;
    }

    // Links ----------------------------------------------------------------------------------------------------------

    public LinkStreams link(UUID agentId, LinkOutput link) {
        LinkStreams streamsOfLink =
                new LinkStreams(agentId, link, new LinkWindow(limits.budget(), limits.linkWindow()));
        links.add(streamsOfLink);
        return streamsOfLink;
    }

    /** The link has ended: its share of the budget is free again. */
    public void unlink(LinkStreams link) {
        if (links.remove(link)) {
            closeAll(link);
            link.window.release();
        }
    }

    /**
     * STREAM_OPEN.
     *
     * @param open the payload, its fields checked
     */
    public void open(LinkStreams link, int channel, UUID streamId, Buffer open, long now) throws ProtocolException {
        link.use(channel);
        if (link.open() >= LinkStreams.MAX_CHANNELS) {
            link.output.opened(
                    channel,
                    StreamOpened.newBuilder()
                            .setState(StreamState.REFUSED)
                            .setDetail("this link has " + LinkStreams.MAX_CHANNELS + " streams open already")
                            .build());
            return;
        }
        StreamChannel opening = new StreamChannel(link, channel, streamId, open);
        opening.opening = ++lastOpening;
        link.add(opening);
        if (link.lane != null) {
            link.lane.openings.add(opening, now);
        } else {
            place(link, now);
        }
    }

    /** CHUNK: opaque but for its sequence and whether it is the last. */
    public void chunk(LinkStreams link, int number, Buffer payload, long now) throws ProtocolException {
        if (payload.length() < Chunk.HEADER_BYTES) {
            throw new ProtocolException(
                    "CHUNK of " + payload.length() + " bytes; at least " + Chunk.HEADER_BYTES + " are needed");
        }
        StreamChannel channel = link.forChunk(number);
        link.window.received(payload.length());
        if (channel == null) {
            link.returned(payload.length());
            change(link);
            return;
        }
        if (channel.outstanding.isEmpty()) {
            channel.sinceNanos = now;
            channel.heardNanos = now;
        }
        long sequence = Chunk.sequence(payload);
        channel.came(sequence, Chunk.isFin(payload));
        channel.outstanding.add(sequence, payload.length());
        link.lane.add(channel, payload);
    }

    // Workers --------------------------------------------------------------------------------------------------------

    /** The live workers, whenever that may have changed. */
    public void workers(Collection<String> ids, long now) {
        lanes.live(ids).forEach(lane -> rewindAll(lane, "worker has left"));
        for (LinkStreams link : List.copyOf(unplaced)) {
            place(link, now);
        }
    }

    public void opened(String worker, long epoch, long request, StreamOpened answer, long now) {
        Lane lane = lanes.of(worker, epoch);
        StreamChannel channel = lane == null ? null : lane.openings.answered(request, now);
        if (channel == null) {
            return;
        }
        channel.open = null;
        if (answer.getState() == StreamState.OPEN_FOR_CHUNKS) {
            StreamChannel other = streams.get(channel.streamId);
            if (other != null && other.opening > channel.opening) {
                close(channel); // answered late: the stream has been opened again since, and that was answered
                return;
            }
            streams.put(channel.streamId, channel);
            if (other != null) {
                close(other);
            }
            channel.state = StreamChannel.State.OPEN;
            channel.next = answer.getNext();
        } else {
            close(channel);
        }
        channel.link.output.opened(channel.number, answer);
    }

    /** The question could not be asked or was not answered; it will be asked again. */
    public void openFailed(String worker, long epoch, long request, long now) {
        Lane lane = lanes.of(worker, epoch);
        if (lane != null) {
            lane.openings.failed(request, now);
        }
    }

    public void answered(String worker, long epoch, long number, ChunkBatch.Reply reply, long now) {
        Lane lane = lanes.of(worker, epoch);
        if (lane == null) {
            return;
        }
        switch (reply) {
            case ACCEPTED -> lane.accepted(number, now);
            case BUSY -> lane.busy(number, now);
            case MOVED -> moved(lane, now);
        }
    }

    /** The batch could not be delivered, as far as is known. Not being told is fine too: the clock finds out. */
    public void sendFailed(String worker, long epoch, long number, long now) {
        Lane lane = lanes.of(worker, epoch);
        if (lane != null) {
            lane.busy(number, now);
        }
    }

    /** The worker is leaving, or doesn't know its streams any more (an opening may say so too). */
    public void moved(String worker, long epoch, long now) {
        Lane lane = lanes.of(worker, epoch);
        if (lane != null) {
            moved(lane, now);
        }
    }

    public void progress(Progress progress, long now) {
        for (Progress.Item item : progress.items()) {
            StreamChannel channel = streams.get(item.streamId());
            if (channel == null) {
                continue;
            }
            channel.heardNanos = now;
            advance(channel, item.next(), now);
            if (item.fault() != Progress.Fault.NONE && channel.link.lane.worker.equals(progress.workerId())) {
                fault(channel, item.fault());
            }
        }
    }

    private void advance(StreamChannel channel, long next, long now) {
        long bytes =
                channel.outstanding.below(Math.max(next, channel.next)); // also what came when it was durable already
        if (next <= channel.next && bytes == 0) {
            return;
        }
        channel.next = Math.max(next, channel.next);
        if (bytes > 0) {
            lag.accept(now - channel.sinceNanos);
            channel.sinceNanos = now;
        }
        channel.link.returned(bytes);
        channel.link.progressed(channel);
        change(channel.link);
        if (channel.next > channel.endsAt) {
            close(channel);
        }
    }

    private void fault(StreamChannel channel, Progress.Fault fault) {
        LinkStreams link = channel.link;
        link.tell();
        if (fault == Progress.Fault.GAP) {
            rewind(link, "chunks were lost on the way");
        } else {
            close(channel);
            link.output.opened(
                    channel.number,
                    StreamOpened.newBuilder()
                            .setState(StreamState.FORKED)
                            .setNext(channel.next)
                            .setDetail("a chunk came again with other bytes")
                            .build());
        }
    }

    // Turns ----------------------------------------------------------------------------------------------------------

    /** A turn's input is in: sends what may be sent, tells links what has changed. */
    public void flush(long now) {
        for (Lane lane : lanes.all()) {
            lane.pump(now);
        }
        for (LinkStreams link : changed) {
            link.changed = false;
            if (links.contains(link)) {
                link.tell();
            }
        }
        changed.clear();
    }

    public void tick(long now) {
        for (Lane lane : lanes.all()) {
            lane.tick(now);
        }
        if (now - repeatedAt >= REPEAT_NANOS) {
            repeatedAt = now;
            for (LinkStreams link : links) {
                link.repeat();
                link.window.quiet();
                if (link.lane != null && link.lane.isAnswered() && link.isSilent(now - SILENT_NANOS)) {
                    rewind(link, "worker has forgotten chunks that it had accepted");
                }
            }
        }
        flush(now);
    }

    public int batchesInFlight() {
        return lanes.all().stream().mapToInt(Lane::batchesInFlight).sum();
    }

    /** Bytes of chunks that no worker has accepted yet. */
    public long unacceptedBytes() {
        return lanes.all().stream()
                .mapToLong(lane -> lane.waitingBytes() + lane.unansweredBytes())
                .sum();
    }

    /** For how long the stream that waits longest has had no progress; 0 when nothing waits. Looks at every stream. */
    public long lagNanos(long now) {
        return streams.values().stream()
                .filter(channel -> !channel.outstanding.isEmpty())
                .mapToLong(channel -> now - channel.sinceNanos)
                .max()
                .orElse(0);
    }

    // Inside ---------------------------------------------------------------------------------------------------------

    /** Gives a link with openings a worker, if there is one. */
    private void place(LinkStreams link, long now) {
        Optional<Lane> lane = lanes.pick(link.agentId, now);
        if (lane.isEmpty()) {
            unplaced.add(link);
            return;
        }
        unplaced.remove(link);
        link.lane = lane.get();
        link.lane.links.add(link);
        for (StreamChannel channel : link.channels()) {
            link.lane.openings.add(channel, now);
        }
    }

    private void moved(Lane lane, long now) {
        lanes.moved(lane, now);
        rewindAll(lane, "worker takes no more of these streams");
    }

    private void rewindAll(Lane lane, String reason) {
        List.copyOf(lane.links).forEach(link -> rewind(link, reason));
    }

    private void rewind(LinkStreams link, String reason) {
        link.tell();
        closeAll(link);
        change(link);
        link.output.rewind(reason);
    }

    private void closeAll(LinkStreams link) {
        List<StreamChannel> open = new ArrayList<>();
        link.channels().forEach(open::add);
        open.forEach(this::close);
        unplaced.remove(link);
        if (link.lane != null) {
            link.lane.links.remove(link);
            link.lane = null;
        }
    }

    private void close(StreamChannel channel) {
        channel.link.close(channel);
        streams.remove(channel.streamId, channel);
        if (channel.link.lane != null) {
            channel.link.lane.drop(channel);
        }
        change(channel.link);
    }

    private void change(LinkStreams link) {
        if (!link.changed) {
            link.changed = true;
            changed.add(link);
        }
    }
}
