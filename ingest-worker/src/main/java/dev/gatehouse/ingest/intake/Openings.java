package dev.gatehouse.ingest.intake;

import dev.gatehouse.ingest.commit.KillPoint;
import dev.gatehouse.ingest.commit.StreamRows;
import dev.gatehouse.protocol.message.StreamOpen;
import dev.gatehouse.protocol.message.StreamOpened;
import dev.gatehouse.shared.bus.StreamOpening;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Answers openings: from memory where that is enough, else from the database, one statement at a time for all that have come meanwhile.
 *
 * <p>Openings of one stream are answered in the order in which they came. Confined to its verticle's context.
 */
final class Openings {

    /** Openings that wait; later ones fail and are asked again. */
    static final int WAITING = 10_000;

    /** Failure code: ask again later. */
    private static final int LATER = 503;

    private record Asked(Message<?> message, StreamOpening opening, StreamOpen open, UUID streamId) {}

    private final Intake intake;
    private final StreamRows rows;
    private final KillPoint.Hook hook;
    private final Deque<Asked> waiting = new ArrayDeque<>();
    private final List<Asked> later = new ArrayList<>();
    private boolean asking;

    Openings(Intake intake, StreamRows rows, KillPoint.Hook hook) {
        this.intake = intake;
        this.rows = rows;
        this.hook = hook;
    }

    /** Answers now, or when the database has. */
    void add(Message<?> message, StreamOpening opening, StreamOpen open, UUID streamId) {
        if (waiting.size() + later.size() >= WAITING) {
            message.fail(LATER, WAITING + " openings are waiting already");
            return;
        }
        waiting.add(new Asked(message, opening, open, streamId));
        pump();
    }

    /** Something has been committed: those that waited for it may be answered now. */
    void retry() {
        if (!later.isEmpty()) {
            waiting.addAll(later);
            later.clear();
            pump();
        }
    }

    /** The worker is leaving. */
    void refuseAll() {
        later.forEach(Openings::moved);
        later.clear();
        waiting.forEach(Openings::moved);
        waiting.clear();
    }

    static void moved(Message<?> message) {
        message.fail(StreamOpening.MOVED, "this worker is leaving");
    }

    private static void moved(Asked asked) {
        moved(asked.message());
    }

    private void pump() {
        if (asking) {
            return;
        }
        Map<UUID, Asked> batch = new LinkedHashMap<>();
        List<StreamRows.Registration> registrations = new ArrayList<>();
        List<Asked> behind = new ArrayList<>();
        while (!waiting.isEmpty() && batch.size() < StreamRows.BATCH) {
            Asked asked = waiting.remove();
            if (batch.containsKey(asked.streamId())) {
                behind.add(asked);
                continue;
            }
            switch (intake.open(asked.opening(), asked.open(), asked.streamId(), System.nanoTime())) {
                case Opening.Answer answer -> reply(asked, answer.opened());
                case Opening.Later wait -> later.add(asked);
                case Opening.Full full -> asked.message().fail(LATER, "no room for another stream");
                case Opening.Ask ask -> {
                    batch.put(asked.streamId(), asked);
                    registrations.add(ask.registration());
                }
            }
        }
        behind.reversed().forEach(waiting::addFirst);
        if (!batch.isEmpty()) {
            ask(batch, registrations);
        }
    }

    private void ask(Map<UUID, Asked> batch, List<StreamRows.Registration> registrations) {
        asking = true;
        hook.reached(KillPoint.BEFORE_REGISTER);
        register(batch, registrations).onComplete(found -> {
            asking = false;
            if (found.failed()) {
                String why = "streams cannot be registered: " + found.cause().getMessage();
                batch.values().forEach(asked -> asked.message().fail(LATER, why));
            } else {
                hook.reached(KillPoint.AFTER_REGISTER);
                batch.forEach((id, asked) -> answer(asked, found.result().get(id)));
            }
            pump();
        });
    }

    /** Registers, and once more for those whose agent has lost chunks: then from behind the gap. */
    private Future<Map<UUID, StreamRows.Registered>> register(
            Map<UUID, Asked> batch, List<StreamRows.Registration> registrations) {
        return rows.register(registrations).compose(found -> {
            Map<UUID, Long> lost = new HashMap<>();
            found.forEach((id, row) -> {
                long first = batch.get(id).open().getFirst();
                if (first > row.next()
                        && !row.closed()
                        && row.agentId().equals(batch.get(id).opening().agentId())) {
                    lost.put(id, first);
                }
            });
            return lost.isEmpty()
                    ? Future.succeededFuture(found)
                    : rows.skip(lost).compose(skipped -> rows.register(registrations));
        });
    }

    private void answer(Asked asked, StreamRows.Registered row) {
        if (row == null) {
            asked.message().fail(LATER, "another worker is registering the stream");
        } else if (intake.leaving()) {
            moved(asked);
        } else {
            reply(asked, intake.registered(asked.opening(), row, System.nanoTime()));
        }
    }

    private static void reply(Asked asked, StreamOpened opened) {
        asked.message().reply(Buffer.buffer(opened.toByteArray()));
    }
}
