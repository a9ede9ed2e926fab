package dev.gatehouse.ingest.intake;

import dev.gatehouse.ingest.commit.Cut;
import dev.gatehouse.ingest.commit.StreamNext;
import dev.gatehouse.ingest.commit.StreamRows;
import dev.gatehouse.ingest.commit.TakenChunk;
import dev.gatehouse.protocol.message.StreamOpen;
import dev.gatehouse.protocol.message.StreamOpened;
import dev.gatehouse.protocol.message.StreamState;
import dev.gatehouse.protocol.stream.Chunk;
import dev.gatehouse.shared.bus.ChunkBatch;
import dev.gatehouse.shared.bus.Progress;
import dev.gatehouse.shared.bus.StreamOpening;
import dev.gatehouse.shared.segment.ChunkFacts;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;

/**
 * Decides what is taken from gateways: each stream's chunks once, in order, from its newest opening, as much as the budget holds. What is taken goes to its {@link IntakeOutput}; what has become durable is told
 * back to it, and it says which gateways are to be told.
 *
 * <p>Pure: it is told openings, batches, commits and times ({@link System#nanoTime()} values). Confined to one thread.
 */
public final class Intake {

    /** Streams that moved within this are told again each second; later the gateway has heard it many times. */
    static final long TELL_NANOS = Duration.ofSeconds(30).toNanos();

    /** A stream whose end is durable is forgotten after this. */
    static final long CLOSED_IDLE_NANOS = Duration.ofMinutes(1).toNanos();

    /** Any stream is forgotten after this; should it go on, its link is rewound. */
    static final long IDLE_NANOS = Duration.ofHours(1).toNanos();

    /** A stream that was stopped is refused for so long; then it is tried once more, as what the database refuses may have been put right. */
    static final long STOPPED_NANOS = Duration.ofMinutes(10).toNanos();

    /**
     * @param budget bytes that may be taken and not yet durable
     * @param streams that are kept in memory at most
     */
    public record Limits(long budget, int streams) {}

    private final Limits limits;
    private final IntakeOutput output;
    private final Numbering numbering = new Numbering();
    private final Map<UUID, StreamLedger> ledgers = new LinkedHashMap<>();
    private final Set<StreamLedger> due = new LinkedHashSet<>();
    private final Map<String, List<Progress.Item>> strangers = new LinkedHashMap<>();
    private boolean leaving;

    public Intake(Limits limits, IntakeOutput output) {
        this.limits = limits;
        this.output = output;
    }

    /** From now on everything is answered with MOVED. */
    public void leave() {
        leaving = true;
    }

    public boolean leaving() {
        return leaving;
    }

    /**
     * Takes a batch, whole or not at all.
     *
     * @param held bytes that are taken and not durable
     * @param stalled nothing has become durable for long: take no more
     */
    public ChunkBatch.Reply batch(ChunkBatch batch, long held, boolean stalled, long now) {
        if (leaving) {
            return ChunkBatch.Reply.MOVED;
        }
        return switch (numbering.place(batch.sender(), batch.number())) {
            case UNKNOWN -> ChunkBatch.Reply.MOVED;
            case REPEAT -> ChunkBatch.Reply.ACCEPTED;
            case EARLY -> ChunkBatch.Reply.BUSY;
            case NEXT -> {
                if (stalled || held + size(batch) > limits.budget()) {
                    yield ChunkBatch.Reply.BUSY;
                }
                numbering.accept(batch.sender());
                batch.chunks().forEach(item -> chunk(batch.sender(), item, now));
                yield ChunkBatch.Reply.ACCEPTED;
            }
        };
    }

    private void chunk(ChunkBatch.Sender sender, ChunkBatch.Item item, long now) {
        StreamLedger ledger = ledgers.get(item.streamId());
        if (ledger == null || item.payload().length() < Chunk.HEADER_BYTES) {
            strangers
                    .computeIfAbsent(sender.nodeId(), node -> new ArrayList<>())
                    .add(new Progress.Item(item.streamId(), 0, Progress.Fault.GAP));
            return;
        }
        if (!ledger.takesFrom(sender)) {
            return; // from a link that another one has replaced
        }
        Buffer payload = item.payload();
        long sequence = Chunk.sequence(payload);
        int crc = Chunk.crc(payload);
        switch (ledger.judge(sequence, crc, now)) {
            case NEXT -> take(ledger, sequence, payload, now);
            case OLD_REPEAT -> {
                if (Chunk.crcMatches(payload)) {
                    output.compare(ledger.id, sequence, crc);
                }
                due.add(ledger);
            }
            case OTHER -> {
                if (Chunk.crcMatches(payload)) { // else spoiled on its way, not another chunk
                    ledger.fork();
                }
                due.add(ledger);
            }
            case REPEAT, GAP, IGNORED -> due.add(ledger);
        }
    }

    private void take(StreamLedger ledger, long sequence, Buffer payload, long now) {
        ChunkFacts facts = ChunkFacts.of(payload);
        boolean whole = facts.state() == ChunkFacts.State.WHOLE;
        Optional<Chunk.Fin> fin = TakenChunk.fin(payload, facts);
        ledger.take(whole ? OptionalInt.of(facts.crc()) : OptionalInt.empty(), fin.isPresent());
        output.taken(new TakenChunk(ledger.id, sequence, payload, facts, ledger.events, fin, now));
    }

    /** A link wants to send a stream from now on. */
    public Opening open(StreamOpening opening, StreamOpen open, UUID streamId, long now) {
        StreamLedger ledger = ledgers.get(streamId);
        if (ledger == null && ledgers.size() >= limits.streams() && !evict(now)) {
            return new Opening.Full();
        }
        if (ledger != null && ledger.stoppedSince(now - STOPPED_NANOS)) {
            return new Opening.Answer(attach(ledger, opening, now));
        }
        if (ledger == null || (ledger.settled() && (ledger.stale() || open.getFirst() > ledger.durable()))) {
            return new Opening.Ask(new StreamRows.Registration(streamId, opening.agentId(), open));
        }
        if (ledger.stale() || open.getFirst() > ledger.durable()) {
            return new Opening.Later();
        }
        return new Opening.Answer(attach(ledger, opening, now));
    }

    /**
     * The stream's row is there.
     *
     * @param row with {@code next} not below the opening's first number, unless closed or another agent's
     */
    public StreamOpened registered(StreamOpening opening, StreamRows.Registered row, long now) {
        StreamLedger ledger = ledgers.get(row.id());
        if (ledger == null) {
            ledger = new StreamLedger(row, now);
            ledgers.put(row.id(), ledger);
        } else {
            ledger.read(row);
        }
        return attach(ledger, opening, now);
    }

    private static StreamOpened attach(StreamLedger ledger, StreamOpening opening, long now) {
        if (!ledger.agentId.equals(opening.agentId())) {
            return refused("stream " + ledger.id + " is another agent's");
        }
        ledger.attach(opening.sender(), now);
        StreamOpened.Builder opened = StreamOpened.newBuilder()
                .setState(
                        switch (ledger.state()) {
                            case OPEN, GAP -> StreamState.OPEN_FOR_CHUNKS;
                            case FORKED -> StreamState.FORKED;
                            case CLOSED -> StreamState.CLOSED;
                            case STOPPED -> StreamState.REFUSED;
                        })
                .setNext(ledger.durable())
                .setDetail(ledger.reason());
        ledger.lastCrc().ifPresent(opened::setLastCrc);
        return opened.build();
    }

    static StreamOpened refused(String detail) {
        return StreamOpened.newBuilder()
                .setState(StreamState.REFUSED)
                .setDetail(detail)
                .build();
    }

    /** The database refuses these chunks of one stream: it takes no more for a while. */
    public void refused(Cut chunks, String reason, long now) {
        TakenChunk last = chunks.chunks().getLast();
        StreamLedger ledger = ledgers.get(last.streamId());
        if (ledger != null) {
            ledger.stop("the database refuses it: " + reason, last.sequence() + 1, now);
            due.add(ledger);
        }
    }

    /** A commit has moved the stream. */
    public void committed(StreamNext commit) {
        StreamLedger ledger = ledgers.get(commit.streamId());
        if (ledger != null) {
            ledger.committed(commit);
            due.add(ledger);
        }
    }

    /** The stored CRC of a chunk that {@link IntakeOutput#compare} asked for. */
    public void stored(UUID streamId, int stored, int repeated) {
        StreamLedger ledger = ledgers.get(streamId);
        if (ledger != null && stored != repeated) {
            ledger.fork();
            due.add(ledger);
        }
    }

    /** Each second: what gateways are told again; streams that are idle for long are forgotten. */
    public void tick(long now) {
        for (Iterator<StreamLedger> all = ledgers.values().iterator(); all.hasNext(); ) {
            StreamLedger ledger = all.next();
            if (ledger.idleSince(
                    now - (ledger.state() == StreamLedger.State.CLOSED ? CLOSED_IDLE_NANOS : IDLE_NANOS))) {
                all.remove();
            } else if (ledger.activeSince(now - TELL_NANOS) || !ledger.settled()) {
                due.add(ledger);
            }
        }
    }

    /** What is to be told now, by gateway; each of it is told once. */
    public Map<String, List<Progress.Item>> progress() {
        Map<String, List<Progress.Item>> told = new LinkedHashMap<>(strangers);
        strangers.clear();
        for (StreamLedger ledger : due) {
            if (ledger.sender() != null) {
                told.computeIfAbsent(ledger.sender().nodeId(), node -> new ArrayList<>())
                        .add(ledger.progress());
            }
        }
        due.clear();
        return told;
    }

    public int streams() {
        return ledgers.size();
    }

    /** Makes room for one stream: the one that was opened first among those without anything on its way and idle for a minute. */
    private boolean evict(long now) {
        for (Iterator<StreamLedger> all = ledgers.values().iterator(); all.hasNext(); ) {
            if (all.next().idleSince(now - CLOSED_IDLE_NANOS)) {
                all.remove();
                return true;
            }
        }
        return false;
    }

    private static long size(ChunkBatch batch) {
        return batch.chunks().stream()
                .mapToLong(item -> item.payload().length())
                .sum();
    }
}
