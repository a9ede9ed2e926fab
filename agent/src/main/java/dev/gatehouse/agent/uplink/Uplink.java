package dev.gatehouse.agent.uplink;

import dev.gatehouse.agent.spool.SpoolView;
import dev.gatehouse.agent.spool.StreamView;
import dev.gatehouse.protocol.link.AgentEnd;
import dev.gatehouse.protocol.message.StreamKind;
import dev.gatehouse.protocol.message.StreamOpened;
import dev.gatehouse.protocol.message.StreamState;
import dev.gatehouse.protocol.stream.Ack;
import dev.gatehouse.protocol.stream.Chunk;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
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
 * <p>Chunks of a channel go in order without holes: where the spool has lost one, the stream is opened again behind it once all before it is acknowledged. All it knows is lost with the link, and found again from the
 * spool and the gateway's answers.
 *
 * <p>Pure: it is told answers and times ({@link System#nanoTime}), and returns what to do. Confined to the link's context.
 */
public final class Uplink {

    /** Streams of files, and of others, that are open at once. */
    static final int MAX_OPEN = 64;

    /** An opening that isn't answered is repeated on another channel. */
    static final Duration OPENING = Duration.ofSeconds(15);

    static final Duration REFUSED = Duration.ofSeconds(30);
    private static final Duration REWIND_PAUSE = Duration.ofMillis(100);
    private static final Duration REWIND_MAX_PAUSE = Duration.ofSeconds(5);

    private final AgentEnd end;
    private final SpoolView spool;
    private final Map<UUID, Sending> sendings = new HashMap<>();
    private final Map<Integer, Sending> channels = new HashMap<>();
    private final Turns turns;
    private final List<Action> due = new ArrayList<>(); // what comparing has led to
    private long notBefore;
    private Duration rewindPause = REWIND_PAUSE;
    private long lastRewind;
    private boolean rewoundOnce;

    public Uplink(AgentEnd end, SpoolView spool) {
        this.end = end;
        this.spool = spool;
        this.turns = new Turns(end.window(), spool);
    }

    /** What to do now. Asked whenever the spool or the link has changed, and each second. */
    public List<Action> plan(long now, boolean eventsWritable, boolean bulkWritable) {
        List<Action> actions = new ArrayList<>(due);
        due.clear();
        if (end.state() != AgentEnd.State.OPEN || (rewoundOnce && now - notBefore < 0)) {
            return actions;
        }
        again(now);
        open(now, actions);
        turns.plan(actions, eventsWritable, bulkWritable);
        return actions;
    }

    /** Takes a chunk that was read for {@code load}, number {@code sequence} in the spool; empty if it is lost. @return whether it is to be sent now, on the channel of {@code load} */
    public boolean loaded(Action.Load load, long sequence, Optional<Buffer> payload) {
        Sending sending = channels.get(load.channel());
        if (sending != null && sending.phase == Sending.Phase.COMPARING) {
            due.addAll(compared(sending, payload));
            return false;
        }
        if (sending == null || !end.isOpen(load.channel()) || sequence >= sending.lostAt) {
            return false; // rewound or forked meanwhile, or one before it is lost
        }
        if (payload.isEmpty()) {
            sending.lostAt = sequence;
            sending.next = sequence;
            return false;
        }
        if (Chunk.sequence(payload.get()) != sequence - sending.base()) {
            return false; // forked by the link before this one, and about to be opened again
        }
        end.window().sent(payload.get().length());
        return true;
    }

    /** The window isn't held free for {@code load} any more. */
    public void loadDone(Action.Load load) {
        turns.done(load);
    }

    /** STREAM_OPENED. */
    public List<Action> answered(int channel, StreamOpened opened, long now) {
        Sending sending = channels.get(channel);
        if (sending == null) {
            return List.of();
        }
        if (opened.getState() == StreamState.REFUSED || opened.getState() == StreamState.UNRECOGNIZED) {
            turns.remove(sending);
            channels.remove(channel);
            sending.phase = Sending.Phase.WAITING;
            sending.at = now + REFUSED.toNanos();
            return List.of(new Action.Refused(sending.id(), opened.getDetail()));
        }
        Optional<StreamView> stream = spool.stream(sending.id()).filter(sending::isSame);
        if (stream.isEmpty()) {
            forget(sending);
            return List.of();
        }
        return switch (Verdict.of(opened, stream.get(), spool)) {
            case Verdict.Ours ours -> ours(sending, ours.next());
            case Verdict.Another another -> fork(sending);
            case Verdict.Compare compare -> {
                sending.phase = Sending.Phase.COMPARING;
                sending.compare = compare;
                yield List.of(new Action.Load(channel, sending.id(), sending.isUrgent(), compare.next() - 1, 1, 0));
            }
        };
    }

    /** ACK on a channel. */
    public List<Action> acked(int channel, Ack ack) {
        Sending sending = channels.get(channel);
        if (sending == null || sending.phase != Sending.Phase.OPEN) {
            return List.of();
        }
        return acknowledged(sending, Math.min(sending.next, ack.next() + sending.base()));
    }

    /** REWIND: every stream is opened again, after a pause if that happens often. */
    public void rewound(long now) {
        boolean often = rewoundOnce
                && now - lastRewind < REWIND_MAX_PAUSE.multipliedBy(2).toNanos();
        rewindPause = often ? min(rewindPause.multipliedBy(2), REWIND_MAX_PAUSE) : REWIND_PAUSE;
        rewoundOnce = true;
        lastRewind = now;
        notBefore = now + (often ? rewindPause.toNanos() : 0);
        sendings.values().removeIf(sending -> switch (sending.phase) {
            case OPENING, COMPARING, OPEN -> true;
            case FORKING, DONE, WAITING -> false;
        });
        channels.clear();
        turns.clear();
    }

    /** The spool has given the stream its new name: whatever was opened under the old one is over. */
    public void forked(UUID stream) {
        Optional.ofNullable(sendings.get(stream)).ifPresent(this::forget);
    }

    /** Whether everything that was sent is acknowledged. */
    public boolean isSettled() {
        return !turns.isLoading()
                && channels.values().stream()
                        .allMatch(sending -> spool.stream(sending.id())
                                .map(stream -> stream.acked() >= sending.next || sending.phase != Sending.Phase.OPEN)
                                .orElse(true));
    }

    private void again(long now) {
        for (Sending sending : List.copyOf(sendings.values())) {
            Optional<StreamView> stream = spool.stream(sending.id());
            boolean again = switch (sending.phase) {
                case OPENING, WAITING -> now - sending.at >= 0;
                case OPEN ->
                    stream.filter(found -> found.acked() > sending.next).isPresent(); // behind a hole
                case DONE -> stream.isEmpty();
                case COMPARING, FORKING -> false;
            };
            if (again) {
                forget(sending);
            }
        }
    }

    private void open(long now, List<Action> actions) {
        Set<UUID> known = new HashSet<>(sendings.keySet());
        long files = sendings.values().stream().filter(Sending::isFile).count();
        long others = sendings.size() - files; // also those that wait or are done: the spool forgets them soon
        for (StreamView stream : spool.unsent(known::contains, MAX_OPEN)) {
            boolean file = stream.info().kind() == StreamKind.FILE;
            if ((file ? files : others) >= MAX_OPEN) {
                continue;
            }
            files += file ? 1 : 0;
            others += file ? 0 : 1;
            Sending sending = new Sending(stream, end.newChannel(), now + OPENING.toNanos());
            sendings.put(sending.id(), sending);
            channels.put(sending.channel, sending);
            actions.add(new Action.OpenStream(sending.channel, stream, stream.acked() - sending.base()));
        }
    }

    private List<Action> compared(Sending sending, Optional<Buffer> payload) {
        Verdict.Compare compare = sending.compare;
        if (spool.stream(sending.id()).filter(sending::isSame).isEmpty()) {
            forget(sending);
            return List.of();
        }
        boolean another =
                payload.filter(ours -> Chunk.crc(ours) != compare.crc()).isPresent(); // none: nothing to tell by
        return another ? fork(sending) : ours(sending, compare.next());
    }

    private List<Action> ours(Sending sending, long next) {
        if (end.isOpen(sending.channel)) {
            sending.phase = Sending.Phase.OPEN;
            sending.next = Math.max(
                    next, spool.stream(sending.id()).map(StreamView::acked).orElse(next));
            turns.add(sending);
        }
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

    private List<Action> fork(Sending sending) {
        forget(sending);
        sending.phase = Sending.Phase.FORKING;
        sendings.put(sending.id(), sending);
        return List.of(new Action.Fork(sending.id(), sending.stream.alias().id()));
    }

    private void done(Sending sending) {
        forget(sending);
        sending.phase = Sending.Phase.DONE;
        sendings.put(sending.id(), sending);
    }

    private void forget(Sending sending) {
        sendings.remove(sending.id());
        channels.remove(sending.channel);
        turns.remove(sending);
        end.done(sending.channel);
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
