package dev.gatehouse.background.lease;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.sqlclient.Pool;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Competes for the master's lease each {@link MasterLease#PERIOD} and tells its listener when the epoch that this process may act under changes. Event loop. */
public final class LeaseVerticle extends VerticleBase {

    private static final Logger log = LoggerFactory.getLogger(LeaseVerticle.class);

    private final String self;
    private final LeaseRow row;
    private final MasterLease lease;
    private final Consumer<OptionalLong> onChange;
    private volatile OptionalLong told = OptionalLong.empty();
    private boolean asking;
    private boolean leaving;

    /**
     * A candidate.
     *
     * @param onChange told on this verticle's context; empty: stop all master's work
     */
    public LeaseVerticle(String self, Pool postgres, Consumer<OptionalLong> onChange) {
        this.self = self;
        this.row = new LeaseRow(postgres);
        this.lease = new MasterLease(self);
        this.onChange = onChange;
    }

    @Override
    public Future<?> start() {
        vertx.setPeriodic(0, MasterLease.PERIOD.toMillis(), timer -> {
            tellChange(); // a hold also runs out while the database does not answer
            contend();
        });
        return Future.succeededFuture();
    }

    /** Gives the lease back, so that the next master need not wait for its end. Thread-safe. */
    public Future<Void> resign() {
        Promise<Void> resigned = Promise.promise();
        context.runOnContext(ignored -> {
            leaving = true;
            boolean held = isMaster();
            tellChange();
            (held ? row.resign(self) : Future.<Void>succeededFuture()).onComplete(resigned);
        });
        return resigned.future();
    }

    /** Whether this process acts as the master now. Thread-safe. */
    public boolean isMaster() {
        return told.isPresent();
    }

    private void contend() {
        if (asking || leaving) {
            return;
        }
        asking = true;
        long askedAt = System.nanoTime();
        row.contend(self)
                .onSuccess(answer -> lease.answered(answer, askedAt))
                .onFailure(cause ->
                        log.warn("Master's lease not asked for; a hold runs out by itself: {}", cause.getMessage()))
                .onComplete(answer -> {
                    asking = false;
                    tellChange();
                });
    }

    private void tellChange() {
        OptionalLong now = leaving ? OptionalLong.empty() : lease.epoch(System.nanoTime());
        if (now.equals(told)) {
            return;
        }
        if (now.isPresent()) {
            log.info("This node is the master now, epoch {}", now.getAsLong());
        } else {
            log.info("This node is no longer the master; epoch {} has ended for it", told.getAsLong());
        }
        told = now;
        onChange.accept(now);
    }
}
