package dev.gatehouse.shared.node;

import dev.gatehouse.shared.cluster.Role;
import io.vertx.core.Future;

/** One role's wiring: what a process starts for it, in order. What must be undone is added to {@link Node#shutdown()} on the way. */
public interface Service {

    Role role();

    /** Completes when the service does its work; fails with the reason why it cannot. Called on the main thread, once. */
    Future<Void> start(Node node);
}
