package dev.gatehouse.shared.node;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the process's row fresh. A failure is only logged, once until it works again: the row is for people. Thread-safe. */
final class NodeHeartbeat {

    static final Duration PERIOD = Duration.ofSeconds(5);

    /** Every so many heartbeats the rows of others are tidied. */
    private static final int TIDY_EVERY = 12;

    private static final Logger log = LoggerFactory.getLogger(NodeHeartbeat.class);

    private final Vertx vertx;
    private final NodeRow row;
    private final long timer;
    private volatile NodeRow.State state = NodeRow.State.STARTING;
    private volatile boolean failing;
    private int beats;

    private NodeHeartbeat(Vertx vertx, NodeRow row) {
        this.vertx = vertx;
        this.row = row;
        this.timer = vertx.setPeriodic(PERIOD.toMillis(), id -> beat());
    }

    /** Writes the first row and goes on. */
    static Future<NodeHeartbeat> start(Vertx vertx, NodeRow row) {
        return row.write(NodeRow.State.STARTING).map(done -> new NodeHeartbeat(vertx, row));
    }

    Future<Void> change(NodeRow.State next) {
        state = next;
        return row.write(next);
    }

    /** The last word of this process. */
    Future<Void> stop() {
        vertx.cancelTimer(timer);
        return change(NodeRow.State.GONE);
    }

    private void beat() {
        if (beats++ % TIDY_EVERY == 0) {
            row.tidy().onFailure(cause -> log.debug("Rows of nodes not tidied", cause));
        }
        row.write(state).onComplete(done -> failing = false, this::failed);
    }

    private void failed(Throwable cause) {
        if (!failing) {
            log.warn("This node's row is not written: {}", cause.getMessage());
        }
        failing = true;
    }
}
