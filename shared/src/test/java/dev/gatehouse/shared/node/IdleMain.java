package dev.gatehouse.shared.node;

import dev.gatehouse.shared.cluster.Role;
import dev.gatehouse.shared.store.Stores;
import io.vertx.core.Future;
import java.time.Duration;

/** A service process that does nothing but live and end: what {@link ServiceMainIT} starts. */
final class IdleMain {

    private IdleMain() {}

    public static void main(String[] arguments) {
        ServiceMain.run(arguments, Stores::open, new Service() {
            @Override
            public Role role() {
                return Role.BACKGROUND_WORKER;
            }

            @Override
            public Future<Void> start(Node node) {
                node.shutdown().add("end idleness", Duration.ofSeconds(1), Future::succeededFuture);
                return Future.succeededFuture();
            }
        });
    }
}
