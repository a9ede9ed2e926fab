package dev.gatehouse.e2e.simulation;

import static dev.gatehouse.e2e.simulation.Clock.MILLI;

import dev.gatehouse.ingest.commit.StreamRows;
import dev.gatehouse.ingest.intake.Intake;
import dev.gatehouse.ingest.intake.OpeningOutput;
import dev.gatehouse.ingest.intake.Openings;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

/** What a worker's real {@link Openings} asks, of a {@link Database} that may be slow or away. */
final class Registers implements OpeningOutput {

    private final World world;
    private final WorkerNode worker;
    final Openings openings;

    Registers(World world, WorkerNode worker, Intake intake) {
        this.world = world;
        this.worker = worker;
        this.openings = new Openings(intake, this, world.clock::now);
    }

    @Override
    public void register(List<StreamRows.Registration> streams) {
        transaction(() -> {
            Map<UUID, StreamRows.Registered> found = world.database.register(streams);
            return () -> openings.registered(found);
        });
    }

    @Override
    public void skip(Map<UUID, Long> firsts) {
        transaction(() -> {
            world.database.skip(firsts);
            return openings::skipped;
        });
    }

    /** Done in its own time, and heard of later. */
    private void transaction(Supplier<Runnable> action) {
        Clock clock = world.clock;
        worker.later(clock.between(0, 30 * MILLI), () -> {
            Runnable heard = world.databaseAway() ? () -> openings.failed("the database is away") : action.get();
            worker.later(clock.between(0, 10 * MILLI), heard);
        });
    }
}
