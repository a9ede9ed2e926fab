package dev.gatehouse.shared.node;

import dev.gatehouse.shared.cluster.HazelcastMembers;
import dev.gatehouse.shared.cluster.HazelcastMembers.Namesake;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node's name is its own: of two, the one that joined later is refused. One that was killed a moment ago is still a member until its silence is noticed, so that is waited for. Blocking. */
final class NameClaim {

    /** After the heartbeat limit, for the others to agree. */
    private static final Duration AGREED = Duration.ofSeconds(5);

    private static final long PAUSE_MILLIS = 100;
    private static final Logger log = LoggerFactory.getLogger(NameClaim.class);

    private NameClaim() {}

    static void await(HazelcastMembers members, String name, Duration heartbeatLimit) {
        Duration patience = heartbeatLimit.plus(AGREED);
        long deadline = System.nanoTime() + patience.toNanos();
        boolean said = false;
        for (Optional<Namesake> other = members.olderNamesake(); other.isPresent(); other = members.olderNamesake()) {
            if (System.nanoTime() - deadline > 0) {
                throw new StartException(
                        "node.name: \"" + name + "\" is the name of a node that is alive, "
                                + other.get().id() + " at " + other.get().address()
                                + "; each node needs a name of its own",
                        null);
            }
            if (!said) {
                log.info(
                        "There is a node {} named {} already; waiting at most {} s for it to leave, in case it has died",
                        other.get().id(),
                        name,
                        patience.toSeconds());
                said = true;
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartException("node.name: interrupted while waiting for it", e);
        }
    }
}
