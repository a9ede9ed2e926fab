package dev.gatehouse.ingest.intake;

import dev.gatehouse.ingest.commit.StreamRows;
import dev.gatehouse.protocol.message.StreamOpen;
import dev.gatehouse.protocol.message.StreamOpened;
import dev.gatehouse.shared.bus.StreamOpening;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongSupplier;

/**
 * Answers openings: from memory where that is enough, else from the database, one request at a time for all that have come meanwhile. A batch that the database refuses for what is in it is asked one by one, and what is refused alone is
 * answered so.
 *
 * <p>Openings of one stream are answered in the order in which they came. Pure: an {@link OpeningOutput} asks the database. Confined to one thread.
 */
public final class Openings {

    /** Openings that wait; later ones fail and are asked again. */
    static final int WAITING = 10_000;

    /** To whom has asked. */
    public interface Answer {

        void opened(StreamOpened opened);

        /** To be asked again later. */
        void later(String why);

        /** This worker is leaving: another one is to be asked. */
        void moved();
    }

    private record Asked(StreamOpening opening, StreamOpen open, UUID streamId, Answer answer) {}

    private final Intake intake;
    private final OpeningOutput output;
    private final LongSupplier clock;
    private final Deque<Asked> waiting = new ArrayDeque<>();
    private final List<Asked> later = new ArrayList<>();
    private Map<UUID, Asked> batch = Map.of(); // what the database is asked about now
    private List<StreamRows.Registration> registrations = List.of();
    private boolean skipping; // gaps of the batch are made, or have been
    private int alone; // so many are asked one by one: together they were refused

    public Openings(Intake intake, OpeningOutput output, LongSupplier clock) {
        this.intake = intake;
        this.output = output;
        this.clock = clock;
    }

    /** Answers now, or when the database has. */
    public void add(StreamOpening opening, StreamOpen open, UUID streamId, Answer answer) {
        if (intake.leaving()) {
            answer.moved();
        } else if (waiting.size() + later.size() >= WAITING) {
            answer.later(WAITING + " openings are waiting already");
        } else {
            waiting.add(new Asked(opening, open, streamId, answer));
            pump();
        }
    }

    /** Something has been committed: those that waited for it may be answered now. */
    public void retry() {
        if (!later.isEmpty()) {
            waiting.addAll(later);
            later.clear();
            pump();
        }
    }

    /** The worker is leaving. */
    public void refuseAll() {
        later.forEach(asked -> asked.answer().moved());
        later.clear();
        waiting.forEach(asked -> asked.answer().moved());
        waiting.clear();
    }

    private void pump() {
        if (!batch.isEmpty()) {
            return;
        }
        Map<UUID, Asked> next = new LinkedHashMap<>();
        List<StreamRows.Registration> asks = new ArrayList<>();
        List<Asked> behind = new ArrayList<>();
        int most = alone > 0 ? 1 : StreamRows.BATCH;
        while (!waiting.isEmpty() && next.size() < most) {
            Asked asked = waiting.remove();
            if (next.containsKey(asked.streamId())) {
                behind.add(asked);
                continue;
            }
            switch (intake.open(asked.opening(), asked.open(), asked.streamId(), clock.getAsLong())) {
                case Opening.Answer answer -> asked.answer().opened(answer.opened());
                case Opening.Later wait -> later.add(asked);
                case Opening.Full full -> asked.answer().later("no room for another stream");
                case Opening.Ask ask -> {
                    next.put(asked.streamId(), asked);
                    asks.add(ask.registration());
                }
            }
        }
        behind.reversed().forEach(waiting::addFirst);
        if (!next.isEmpty()) {
            batch = next;
            registrations = asks;
            skipping = false;
            output.register(asks);
        }
    }

    /** How the streams stand. Where agents have lost chunks they are registered once more: then from behind the gap. */
    public void registered(Map<UUID, StreamRows.Registered> found) {
        Map<UUID, Long> lost = skipping ? Map.of() : lost(found);
        if (!lost.isEmpty()) {
            skipping = true;
            output.skip(lost);
            return;
        }
        ended().forEach((id, asked) -> answer(asked, found.get(id)));
        pump();
    }

    /** The gaps are made. */
    public void skipped() {
        output.register(registrations);
    }

    /** The database did not answer. */
    public void failed(String why) {
        ended().values().forEach(asked -> asked.answer().later("streams cannot be registered: " + why));
        pump();
    }

    /** The database refuses what was asked, for what is in it. */
    public void refused(String why) {
        Map<UUID, Asked> asked = ended();
        if (asked.size() == 1) {
            asked.values().forEach(one -> one.answer().opened(Intake.refused("the database refuses it: " + why)));
        } else {
            alone = asked.size();
            List.copyOf(asked.values()).reversed().forEach(waiting::addFirst);
        }
        pump();
    }

    private Map<UUID, Asked> ended() {
        Map<UUID, Asked> asked = batch;
        batch = Map.of();
        alone = Math.max(0, alone - asked.size());
        return asked;
    }

    private Map<UUID, Long> lost(Map<UUID, StreamRows.Registered> found) {
        Map<UUID, Long> lost = new HashMap<>();
        found.forEach((id, row) -> {
            long first = batch.get(id).open().getFirst();
            if (first > row.next()
                    && !row.closed()
                    && row.agentId().equals(batch.get(id).opening().agentId())) {
                lost.put(id, first);
            }
        });
        return lost;
    }

    private void answer(Asked asked, StreamRows.Registered row) {
        if (row == null) {
            asked.answer().later("another worker is registering the stream");
        } else if (intake.leaving()) {
            asked.answer().moved();
        } else {
            asked.answer().opened(intake.registered(asked.opening(), row, clock.getAsLong()));
        }
    }
}
