package dev.gatehouse.agent.health;

import dev.gatehouse.protocol.link.MessageLimits;
import dev.gatehouse.protocol.message.Health;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks targets, each at its own pace, and listens to how dials to them end. Tells at once when the health of one has changed.
 *
 * <p>Works on a context of its own; its methods may be called from any thread.
 */
public final class HealthWatch {

    private static final Logger log = LoggerFactory.getLogger(HealthWatch.class);

    /** First checks are spread over this many milliseconds, later ones by a tenth of their period. */
    private static final int SPREAD_MILLIS = 200;

    /**
     * What is known of a target.
     *
     * @param detail why it is not healthy, at most {@link MessageLimits#HEALTH_DETAIL} printable characters
     */
    public record Known(Health health, String detail) {

        public static final Known NOTHING = new Known(Health.HEALTH_UNKNOWN, "");
    }

    private static final class Watched {
        final Target target;
        final HealthState state = new HealthState();
        long timer = -1;
        boolean checking;

        Watched(Target target) {
            this.target = target;
        }
    }

    private final Vertx vertx;
    private final Context context;
    private final Runnable changed;
    private final Checker checker;
    private final RandomGenerator random = RandomGenerator.getDefault();
    private final Map<String, Watched> watched = new HashMap<>();
    private volatile Map<String, Known> known = Map.of();

    /** @param changed called on this watch's context after each change of {@link #known} */
    public HealthWatch(Vertx vertx, Runnable changed) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.changed = changed;
        this.checker = new Checker(vertx);
    }

    /** From now on these, and no others. What is known of a target that stays as it is stays, too. */
    public void follow(Collection<Target> targets) {
        List<Target> wanted = List.copyOf(targets);
        context.runOnContext(now -> replace(wanted));
    }

    /** A dial for a user has ended: with a connection, or with a failure whose reason is given. */
    public void dialled(String name, Optional<String> failure) {
        context.runOnContext(now -> {
            Watched target = watched.get(name);
            if (target != null && target.target.check().way() != HealthCheck.Way.NONE) {
                result(target, failure);
            }
        });
    }

    /** By name; what has not been checked yet is missing. */
    public Map<String, Known> known() {
        return known;
    }

    public Future<Void> close() {
        follow(List.of());
        return checker.close();
    }

    private void replace(List<Target> wanted) {
        Map<String, Watched> before = new HashMap<>(watched);
        watched.clear();
        for (Target target : wanted) {
            Watched old = before.get(target.name());
            if (old != null && old.target.equals(target)) {
                before.remove(target.name());
                watched.put(target.name(), old);
            } else {
                Watched fresh = new Watched(target);
                watched.put(target.name(), fresh);
                if (target.check().way() != HealthCheck.Way.NONE) {
                    schedule(fresh, 1 + random.nextInt(SPREAD_MILLIS));
                }
            }
        }
        before.values().forEach(gone -> vertx.cancelTimer(gone.timer));
        publish();
    }

    private void schedule(Watched target, long millis) {
        vertx.cancelTimer(target.timer);
        target.timer = vertx.setTimer(millis, now -> check(target));
    }

    private void check(Watched target) {
        if (target.checking) {
            return;
        }
        target.checking = true;
        checker.check(target.target.address(), target.target.check()).onComplete(done -> {
            target.checking = false;
            result(
                    target,
                    done.succeeded()
                            ? Optional.empty()
                            : Optional.of(done.cause().getMessage()));
        });
    }

    private void result(Watched target, Optional<String> failure) {
        if (watched.get(target.target.name()) != target) {
            return; // replaced meanwhile
        }
        boolean told = failure.isEmpty() ? target.state.succeeded() : target.state.failed(printable(failure.get()));
        if (told) {
            log.info(
                    "Resource {} at {} is {} {}",
                    target.target.name(),
                    target.target.address(),
                    target.state.health(),
                    target.state.detail());
            publish();
        }
        if (!target.checking) {
            long millis = target.state.next().toMillis();
            schedule(target, millis + random.nextLong(millis / 10 + 1));
        }
    }

    private void publish() {
        Map<String, Known> next = new TreeMap<>();
        List<Watched> all = new ArrayList<>(watched.values());
        all.forEach(one -> next.put(one.target.name(), new Known(one.state.health(), one.state.detail())));
        known = Map.copyOf(next);
        changed.run();
    }

    private static String printable(String text) {
        StringBuilder printable = new StringBuilder();
        for (int i = 0; i < text.length() && printable.length() < MessageLimits.HEALTH_DETAIL; i++) {
            char c = text.charAt(i);
            printable.append(c >= ' ' && c < 127 ? c : '?');
        }
        return printable.toString();
    }
}
