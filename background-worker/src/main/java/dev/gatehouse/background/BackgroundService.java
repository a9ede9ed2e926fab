package dev.gatehouse.background;

import dev.gatehouse.background.compact.CompactVerticle;
import dev.gatehouse.background.lease.LeaseVerticle;
import dev.gatehouse.shared.cluster.Role;
import dev.gatehouse.shared.node.Node;
import dev.gatehouse.shared.node.Service;
import io.vertx.core.Future;
import java.time.Duration;

/** The background-worker: competes for the master's lease, and does the master's work while it holds it. */
public final class BackgroundService implements Service {

    private static final Duration STEP_LIMIT = Duration.ofSeconds(5);

    @Override
    public Role role() {
        return Role.BACKGROUND_WORKER;
    }

    @Override
    public Future<Void> start(Node node) {
        CompactVerticle compact = new CompactVerticle(node);
        LeaseVerticle lease = new LeaseVerticle(node.id(), node.postgres(), compact::actUnder);
        node.meters().gauge("gatehouse.master", lease, held -> held.isMaster() ? 1 : 0);
        return node.vertx()
                .deployVerticle(compact)
                .compose(deployed -> node.vertx().deployVerticle(lease))
                .onSuccess(id -> node.shutdown().add("give the master's lease back", STEP_LIMIT, lease::resign))
                .mapEmpty();
    }
}
