package dev.gatehouse.shared.node;

import dev.gatehouse.shared.bus.Addresses;
import dev.gatehouse.shared.bus.Bus;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process that does its work.
 *
 * @param statusPort the bound port of its status endpoint
 */
public record RunningNode(Node node, OrderedShutdown shutdown, int statusPort, Sickness sickness) {

    private static final Logger log = LoggerFactory.getLogger(RunningNode.class);

    /**
     * From now on the node can be told to leave by whoever administers the cluster.
     *
     * @param leave ends the process in order; called once, on a thread of its own
     */
    public void onDrain(Runnable leave) {
        new Bus(node.vertx(), node.members()).answer(Addresses.drain(node.id()), String.class, actor -> {
            log.info("Told to drain by {}", actor);
            Thread.ofPlatform().name("drain").start(leave);
            return Future.succeededFuture("draining");
        });
    }

    /**
     * From now on somebody is told when the node must be started anew because others have gone on without it.
     *
     * @param leave ends the process, so that whoever watches it starts it again; called once, on a thread of its own
     */
    public void onSick(Consumer<String> leave) {
        sickness.onReport(reason -> Thread.ofPlatform().name("sick").start(() -> leave.accept(reason)));
    }

    /** Takes all steps of the shutdown and waits for them; answers the names of those that failed or took too long. */
    public List<String> stop() {
        return shutdown.run();
    }
}
