package dev.gatehouse.ingest.intake;

import dev.gatehouse.ingest.commit.DataRefusal;
import dev.gatehouse.ingest.commit.KillPoint;
import dev.gatehouse.ingest.commit.StreamRows;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks PostgreSQL what {@link Openings} wants to know. Confined to its verticle's context. */
final class Registrar implements OpeningOutput {

    private static final Logger log = LoggerFactory.getLogger(Registrar.class);

    private final StreamRows rows;
    private final KillPoint.Hook hook;
    private final Openings openings;

    Registrar(Intake intake, StreamRows rows, KillPoint.Hook hook) {
        this.rows = rows;
        this.hook = hook;
        this.openings = new Openings(intake, this, System::nanoTime);
    }

    Openings openings() {
        return openings;
    }

    @Override
    public void register(List<StreamRows.Registration> streams) {
        hook.reached(KillPoint.BEFORE_REGISTER);
        rows.register(streams)
                .onSuccess(found -> {
                    hook.reached(KillPoint.AFTER_REGISTER);
                    openings.registered(found);
                })
                .onFailure(this::failed);
    }

    @Override
    public void skip(Map<UUID, Long> firsts) {
        rows.skip(firsts).onSuccess(done -> openings.skipped()).onFailure(this::failed);
    }

    private void failed(Throwable cause) {
        DataRefusal.reason(cause)
                .ifPresentOrElse(
                        reason -> {
                            log.error("The database refuses to register streams: {}", reason);
                            openings.refused(reason);
                        },
                        () -> openings.failed(cause.getMessage()));
    }
}
