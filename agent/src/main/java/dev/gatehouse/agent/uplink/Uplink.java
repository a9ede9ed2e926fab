package dev.gatehouse.agent.uplink;

import dev.gatehouse.agent.spool.SpoolView;
import dev.gatehouse.agent.spool.StreamView;
import dev.gatehouse.protocol.link.AgentEnd;
import dev.gatehouse.protocol.message.StreamKind;
import dev.gatehouse.protocol.message.StreamOpened;
import dev.gatehouse.protocol.stream.Ack;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Decides what of the spool goes over one link, and when: which streams are opened, which chunks are next, what an answer means.
 *
 * <p>Events go before recordings, recordings before files; files take turns. Chunks of a channel go in order without holes: where the spool has lost one, the stream is opened again behind it once all before it is
 * acknowledged. All it knows is lost with the link, and found again from the spool and the gateway's answers.
 *
 * <p>Pure: it is told answers and times ({@link System#nanoTime}), and returns what to do. Confined to the link's context.
 */
public final class Uplink {

    /** Streams of files, and of others, that are open at once. */
    static final int MAX_OPEN = 64;

    /** Bytes that are on their way from the spool to the link. */
    static final long MAX_LOADING = 1024 * 1024;

    private static final int MAX_RUN = 64;
    private static final long MAX_RUN_BYTES = 256 * 1024;

    /** An opening that isn't answered is repeated on another channel. */
    static final Duration OPENING = Duration.ofSeconds(15);

    static final Duration REFUSED = Duration.ofSeconds(30);
    private static final Duration REWIND_PAUSE = Duration.ofMillis(100);
    private static final Duration REWIND_MAX_PAUSE = Duration.ofSeconds(5);

    private enum Phase {
        OPENING,
        OPEN,
        FORKING,
        /** All is acknowledged, and the spool is about to know. */
        DONE,
        /** Not before {@code at}. */
        WAITING
    }

    private static final class Sending {
        final StreamView stream;
        Phase phase = Phase.OPENING;
        int channel;
        long next; // number in the spool
        long lostAt = Long.MAX_VALUE; // number in the spool of a chunk that could not be read
        long at;

        Sending(StreamView stream) {
            this.stream = stream;
        }

        UUID id() {
            return stream.info().id();
        }
    }

    private final AgentEnd end;
    private final SpoolView spool;
    private final Map<UUID, Sending> sendings = new HashMap<>();
    private final Map<Integer, Sending> channels = new HashMap<>();
    private final List<Sending> turns = new ArrayList<>();
    private long loading;
    private long notBefore;
    private Duration rewindPause = REWIND_PAUSE;
    private long lastRewind;
    private boolean rewoundOnce;

    public Uplink(AgentEnd end, SpoolView spool) {
        this.end = end;
        this.spool = spool;
    }

    /** What to do now. Asked whenever the spool or the link has changed, and each second. */
    public List<Action> plan(long now, boolean eventsWritable, boolean bulkWritable) {
        List<Action> actions = new ArrayList<>();
        if (end.state() != AgentEnd.State.OPEN || (rewoundOnce && now - notBefore < 0)) {
            return actions;
        }
        again(now);
        open(now, actions);
        load(actions, eventsWritable, bulkWritable);
        return actions;
    }

    /** Takes a chunk that was read for {@code load}, number {@code sequence} in the spool; empty if it is lost. @return whether it is to be sent now, on the channel of {@code load} */
    public boolean loaded(Action.Load load, long sequence, Optional<Buffer> payload) {
        Sending sending = channels.get(load.channel());
        if (sending == null || !end.isOpen(load.channel()) || sequence >= sending.lostAt) {
            return false; // rewound or forked meanwhile, or one before it is lost
        }
        if (payload.isEmpty()) {
            sending.lostAt = sequence;
            sending.next = sequence;
            return false;
        }
        end.window().sent(payload.get().length());
        return true;
    }

    /** The window isn't held free for {@code load} any more. */
    public void loadDone(Action.Load load) {
        loading -= load.bytes();
    }

    /** STREAM_OPENED. */
    public List<Action> answered(int channel, StreamOpened opened, long now) {
        Sending sending = channels.get(channel);
        if (sending == null) {
            return List.of();
        }
        return switch (opened.getState()) {
            case OPEN_FOR_CHUNKS -> opened(sending, opened.getNext());
            case FORKED -> fork(sending);
            case CLOSED -> closed(sending);
            case REFUSED, UNRECOGNIZED -> {
                channels.remove(channel);
                sending.phase = Phase.WAITING;
                sending.at = now + REFUSED.toNanos();
                yield List.of(new Action.Refused(sending.id(), opened.getDetail()));
            }
        };
    }

    /** ACK on a channel. */
    public List<Action> acked(int channel, Ack ack) {
        Sending sending = channels.get(channel);
        if (sending == null || sending.phase != Phase.OPEN) {
            return List.of();
        }
        return acknowledged(
                sending,
                Math.min(sending.next, ack.next() + sending.stream.alias().base()));
    }

    /** REWIND: every stream is opened again, after a pause if that happens often. */
    public void rewound(long now) {
        boolean often = rewoundOnce
                && now - lastRewind < REWIND_MAX_PAUSE.multipliedBy(2).toNanos();
        rewindPause = often ? min(rewindPause.multipliedBy(2), REWIND_MAX_PAUSE) : REWIND_PAUSE;
        rewoundOnce = true;
        lastRewind = now;
        notBefore = now + (often ? rewindPause.toNanos() : 0);
        sendings.values().removeIf(sending -> sending.phase == Phase.OPENING || sending.phase == Phase.OPEN);
        channels.clear();
        turns.clear();
    }

    /** The spool has given the stream its new name. */
    public void forked(UUID stream) {
        sendings.remove(stream);
    }

    /** Whether everything that was sent is acknowledged. */
    public boolean isSettled() {
        return loading == 0
                && channels.values().stream()
                        .allMatch(sending -> spool.stream(sending.id())
                                .map(stream -> stream.acked() >= sending.next || sending.phase != Phase.OPEN)
                                .orElse(true));
    }

    // ---- opening

    private void again(long now) {
        for (Sending sending : List.copyOf(sendings.values())) {
            boolean unanswered = sending.phase == Phase.OPENING && now - sending.at >= 0;
            boolean behindHole = sending.phase == Phase.OPEN
                    && spool.stream(sending.id())
                            .filter(stream -> stream.acked() > sending.next)
                            .isPresent();
            boolean waited = sending.phase == Phase.WAITING && now - sending.at >= 0;
            boolean gone =
                    sending.phase == Phase.DONE && spool.stream(sending.id()).isEmpty();
            if (unanswered || behindHole || waited || gone) {
                forget(sending);
            }
        }
    }

    private void open(long now, List<Action> actions) {
        Set<UUID> known = new HashSet<>(sendings.keySet());
        long files = sendings.values().stream().filter(Uplink::isFile).count();
        long others = sendings.size() - files; // also those that wait or are done: the spool forgets them soon
        for (StreamView stream : spool.unsent(known::contains, MAX_OPEN)) {
            boolean file = stream.info().kind() == StreamKind.FILE;
            if ((file ? files : others) >= MAX_OPEN) {
                continue;
            }
            files += file ? 1 : 0;
            others += file ? 0 : 1;
            Sending sending = new Sending(stream);
            sending.channel = end.newChannel();
            sending.next = stream.acked();
            sending.at = now + OPENING.toNanos();
            sendings.put(sending.id(), sending);
            channels.put(sending.channel, sending);
            actions.add(new Action.OpenStream(
                    sending.channel, stream, stream.acked() - stream.alias().base()));
        }
    }

    private List<Action> opened(Sending sending, long wireNext) {
        long next = wireNext + sending.stream.alias().base();
        Optional<StreamView> stream = spool.stream(sending.id());
        if (stream.isEmpty()) {
            forget(sending);
            return List.of();
        }
        if (next > stream.get().synced()) {
            return fork(sending); // it knows more than we do: our disk has lost its end, and we use its numbers again
        }
        sending.phase = Phase.OPEN;
        sending.next = Math.max(next, stream.get().acked());
        turns.add(sending);
        turns.sort(Comparator.comparingInt(Uplink::rank));
        return acknowledged(sending, next);
    }

    private List<Action> acknowledged(Sending sending, long next) {
        Optional<StreamView> stream = spool.stream(sending.id());
        if (stream.isEmpty() || (stream.get().finished() && next >= stream.get().next())) {
            done(sending);
        }
        return stream.isPresent() && next > stream.get().acked()
                ? List.of(new Action.Acked(sending.id(), next))
                : List.of();
    }

    private List<Action> closed(Sending sending) {
        boolean whole = spool.stream(sending.id())
                .filter(stream -> !stream.finished() || stream.synced() < stream.next())
                .isEmpty();
        return whole
                ? acknowledged(
                        sending,
                        spool.stream(sending.id()).map(StreamView::next).orElse(0L))
                : fork(sending); // it has ended there, but goes on here
    }

    private List<Action> fork(Sending sending) {
        forget(sending);
        sending.phase = Phase.FORKING;
        sendings.put(sending.id(), sending);
        return List.of(new Action.Fork(sending.id()));
    }

    private void done(Sending sending) {
        forget(sending);
        sending.phase = Phase.DONE;
        sendings.put(sending.id(), sending);
    }

    private void forget(Sending sending) {
        sendings.remove(sending.id());
        channels.remove(sending.channel);
        turns.remove(sending);
        end.done(sending.channel);
    }

    // ---- sending

    private void load(List<Action> actions, boolean eventsWritable, boolean bulkWritable) {
        boolean more = true;
        while (more) {
            more = false;
            for (Sending sending : List.copyOf(turns)) {
                boolean urgent = isUrgent(sending);
                if (loading < MAX_LOADING && (urgent ? eventsWritable : bulkWritable) && load(sending, actions)) {
                    more = true;
                    if (isFile(sending)) { // files take turns
                        turns.remove(sending);
                        turns.add(sending);
                    } else if (urgent) {
                        break; // all of the urgent before anything else
                    }
                }
            }
        }
    }

    private boolean load(Sending sending, List<Action> actions) {
        int[] lengths = spool.lengths(sending.id(), sending.next, MAX_RUN);
        long room = Math.min(end.window().left() - loading, MAX_RUN_BYTES);
        long bytes = 0;
        int count = 0;
        while (count < lengths.length && bytes + lengths[count] <= room) {
            bytes += lengths[count++];
        }
        if (count == 0) {
            return false;
        }
        actions.add(new Action.Load(sending.channel, sending.id(), isUrgent(sending), sending.next, count, bytes));
        sending.next += count;
        loading += bytes;
        return true;
    }

    private static boolean isFile(Sending sending) {
        return sending.stream.info().kind() == StreamKind.FILE;
    }

    private static boolean isUrgent(Sending sending) {
        return sending.stream.info().kind() == StreamKind.EVENTS;
    }

    private static int rank(Sending sending) {
        return isUrgent(sending) ? 0 : isFile(sending) ? 2 : 1;
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
