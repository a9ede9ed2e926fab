package dev.gatehouse.admin.operating;

import dev.gatehouse.admin.http.ApiError;
import dev.gatehouse.admin.http.ApiException;
import dev.gatehouse.shared.audit.Audit;
import dev.gatehouse.shared.bus.Addresses;
import dev.gatehouse.shared.bus.Bus;
import dev.gatehouse.shared.record.NodeRecord;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import java.time.Duration;

/** Tells a node to hand its work over and leave. It answers that it was told; that it has left is seen in its state. Audited. Thread-safe. */
public final class Drain {

    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final String GONE = "gone";

    private final Bus bus;
    private final Pool postgres;
    private final Audit audit;

    public Drain(Bus bus, Pool postgres, Audit audit) {
        this.bus = bus;
        this.postgres = postgres;
        this.audit = audit;
    }

    /** Fails when the node has gone, or cannot be told: a process of {@code up} leaves by Ctrl-C only. */
    Future<Void> tell(NodeRecord node, String actor, String remote) {
        Audit.Entry entry =
                Audit.Entry.done(actor, remote, "node.drain", node.id()).with("name", node.name());
        if (node.state().equals(GONE)) {
            return audit.record(postgres, entry.refused("gone"))
                    .compose(done -> Future.failedFuture(
                            ApiException.of(ApiError.CONFLICT, "node " + node.name() + " has gone already")));
        }
        return audit.record(postgres, entry)
                .compose(done -> bus.<String>request(node.id(), Addresses.drain(node.id()), actor, LIMIT))
                .recover(cause -> Future.failedFuture(
                        cause instanceof ApiException
                                ? cause
                                : ApiException.of(
                                        ApiError.CONFLICT,
                                        "node " + node.name() + " cannot be told to leave: " + cause.getMessage())))
                .mapEmpty();
    }
}
