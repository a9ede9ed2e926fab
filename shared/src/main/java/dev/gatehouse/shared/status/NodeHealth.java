package dev.gatehouse.shared.status;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.healthchecks.CheckResult;
import io.vertx.ext.healthchecks.HealthChecks;
import io.vertx.ext.healthchecks.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The health of a process: Vert.x Health Checks with the readiness rule on top. A check that only makes the process degraded counts as up and shows its reason.
 *
 * <p>Not ready until {@link #started()} and after {@link #draining()}. However often it is asked, the checks run once a second, one run at a time.
 */
public final class NodeHealth implements Health {

    private static final Duration CACHED = Duration.ofSeconds(1);

    /** Vert.x's own limit comes after ours: ours knows what a failure means. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private static final String REASON = "reason";

    private enum Life {
        STARTING,
        STARTED,
        DRAINING
    }

    /**
     * What the checks say.
     *
     * @param down reasons why the process cannot do its work
     *
     * @param degraded reasons why it works with less
     *
     * @param checks for people and orchestrators
     */
    public record Verdict(List<String> down, List<String> degraded, JsonObject checks) {

        public boolean ready() {
            return down.isEmpty();
        }
    }

    private final HealthChecks checks;
    private volatile Life life = Life.STARTING;
    private Future<CheckResult> latest;
    private long askedAt;

    public NodeHealth(Vertx vertx) {
        this.checks = HealthChecks.create(vertx);
    }

    @Override
    public void register(String name, Effect effect, Duration limit, Supplier<Future<Void>> check) {
        checks.register(
                name,
                limit.plus(GRACE).toMillis(),
                promise -> ask(check)
                        .timeout(limit.toMillis(), TimeUnit.MILLISECONDS)
                        .map(Status.OK())
                        .otherwise(cause -> failed(effect, limit, cause))
                        .onComplete(promise));
        forget();
    }

    @Override
    public void draining() {
        life = Life.DRAINING;
    }

    /** From now on the checks decide. */
    public void started() {
        if (life == Life.STARTING) {
            life = Life.STARTED;
        }
    }

    /** What holds now, or held within the last second. */
    public Future<Verdict> verdict() {
        return results().map(this::judge);
    }

    private synchronized Future<CheckResult> results() {
        long now = System.nanoTime();
        if (latest == null || (latest.isComplete() && now - askedAt > CACHED.toNanos())) {
            latest = checks.checkStatus();
            askedAt = now;
        }
        return latest;
    }

    private synchronized void forget() {
        latest = null;
    }

    private Verdict judge(CheckResult result) {
        List<String> down = new ArrayList<>();
        List<String> degraded = new ArrayList<>();
        if (life != Life.STARTED) {
            down.add(life.name().toLowerCase(java.util.Locale.ROOT));
        }
        List<CheckResult> each = result.getChecks() == null ? List.of() : result.getChecks();
        for (CheckResult check : each) {
            if (!CheckResult.isUp(check)) {
                down.add(reason(check));
            } else if (check.getData() != null && check.getData().containsKey(REASON)) {
                degraded.add(reason(check));
            }
        }
        JsonObject json = result.toJson().put("state", life.name().toLowerCase(java.util.Locale.ROOT));
        return new Verdict(List.copyOf(down), List.copyOf(degraded), json);
    }

    private static String reason(CheckResult check) {
        String reason = check.getData() == null ? null : check.getData().getString(REASON);
        return check.getId() + ": " + (reason == null ? "does not answer" : reason);
    }

    private static Future<Void> ask(Supplier<Future<Void>> check) {
        try {
            return check.get();
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    private static Status failed(Effect effect, Duration limit, Throwable cause) {
        String reason = cause instanceof java.util.concurrent.TimeoutException
                ? "no answer within " + limit.toMillis() + " ms"
                : String.valueOf(cause.getMessage());
        JsonObject data = new JsonObject().put("effect", effect.name()).put(REASON, reason);
        return effect == Effect.DEGRADED ? Status.OK(data) : Status.KO(data);
    }
}
