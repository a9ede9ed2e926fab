package dev.gatehouse.e2e.simulation;

import static dev.gatehouse.e2e.simulation.Clock.MILLI;

import dev.gatehouse.ingest.commit.StreamRows;
import dev.gatehouse.ingest.intake.Intake;
import dev.gatehouse.ingest.intake.Opening;
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

/** Openings of streams as the worker's {@code Openings} answers them, without the bus and PostgreSQL: register, make a gap where the agent has lost chunks, register again. */
final class OpeningsModel {

    /** To whom has asked. */
    interface Answer {

        void opened(StreamOpened opened);

        void failed();

        void moved();
    }

    private record Asked(StreamOpening opening, StreamOpen open, UUID streamId, Answer answer) {}

    private final World world;
    private final Clock clock;
    private final WorkerNode worker;
    private final Intake intake;
    private final Deque<Asked> waiting = new ArrayDeque<>();
    private final List<Asked> later = new ArrayList<>();
    private boolean asking;

    OpeningsModel(World world, WorkerNode worker, Intake intake) {
        this.world = world;
        this.clock = world.clock;
        this.worker = worker;
        this.intake = intake;
    }

    void add(StreamOpening opening, StreamOpen open, UUID streamId, Answer answer) {
        waiting.add(new Asked(opening, open, streamId, answer));
        pump();
    }

    void retry() {
        waiting.addAll(later);
        later.clear();
        pump();
    }

    void refuseAll() {
        later.forEach(asked -> asked.answer().moved());
        later.clear();
        waiting.forEach(asked -> asked.answer().moved());
        waiting.clear();
    }

    private void pump() {
        if (asking) {
            return;
        }
        Map<UUID, Asked> batch = new LinkedHashMap<>();
        List<StreamRows.Registration> registrations = new ArrayList<>();
        List<Asked> behind = new ArrayList<>();
        while (!waiting.isEmpty()) {
            Asked asked = waiting.remove();
            if (batch.containsKey(asked.streamId())) {
                behind.add(asked);
                continue;
            }
            switch (intake.open(asked.opening(), asked.open(), asked.streamId(), clock.now())) {
                case Opening.Answer answer -> asked.answer().opened(answer.opened());
                case Opening.Later wait -> later.add(asked);
                case Opening.Full full -> asked.answer().failed();
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
        transaction(batch, () -> {
            Map<UUID, StreamRows.Registered> found = world.database.register(registrations);
            Map<UUID, Long> lost = new HashMap<>();
            found.forEach((id, row) -> {
                long first = batch.get(id).open().getFirst();
                if (first > row.next() && !row.closed()) {
                    lost.put(id, first);
                }
            });
            if (lost.isEmpty()) {
                worker.later(clock.between(0, 10 * MILLI), () -> answer(batch, found));
            } else {
                transaction(batch, () -> {
                    world.database.skip(lost);
                    transaction(batch, () -> answer(batch, world.database.register(registrations)));
                });
            }
        });
    }

    private void transaction(Map<UUID, Asked> batch, Runnable action) {
        worker.later(clock.between(0, 30 * MILLI), () -> {
            if (world.databaseAway()) {
                asking = false;
                batch.values().forEach(asked -> asked.answer().failed());
                pump();
            } else {
                action.run();
            }
        });
    }

    private void answer(Map<UUID, Asked> batch, Map<UUID, StreamRows.Registered> found) {
        asking = false;
        batch.forEach((id, asked) -> {
            if (intake.leaving()) {
                asked.answer().moved();
            } else {
                asked.answer().opened(intake.registered(asked.opening(), found.get(id), clock.now()));
            }
        });
        pump();
    }
}
