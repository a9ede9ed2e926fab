package dev.gatehouse.shared.node;

import dev.gatehouse.shared.cluster.Role;
import dev.gatehouse.shared.redis.PooledRedis;
import dev.gatehouse.shared.status.Health;
import dev.gatehouse.shared.status.Health.Effect;
import dev.gatehouse.shared.store.ObjectStore;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.util.Set;

/**
 * What a process needs from others, as checks of its health. A gateway goes on holding links while the database is away: were it down, every balancer would drop every gateway at once. A process without that role can do nothing then.
 */
final class Dependencies {

    private static final Duration LIMIT = Duration.ofSeconds(3);

    /** Checking a store writes an object, which some stores charge for. */
    private static final Duration STORE_PERIOD = Duration.ofSeconds(10);

    private Dependencies() {}

    static void register(Health health, Set<Role> roles, Pool postgres, PooledRedis redis, ObjectStore store) {
        health.register(
                "postgres",
                roles.contains(Role.GATEWAY) ? Effect.DEGRADED : Effect.DOWN,
                LIMIT,
                () -> postgres.query("select 1").execute().mapEmpty());
        health.register("redis", Effect.DEGRADED, LIMIT, redis::check);
        if (!roles.equals(Set.of(Role.GATEWAY))) {
            health.register("store", Effect.DEGRADED, LIMIT, new Seldom(store)::check);
        }
    }

    /** Asks the store seldom and repeats its answer meanwhile. */
    private static final class Seldom {

        private final ObjectStore store;
        private Future<Void> latest;
        private long askedAt;

        Seldom(ObjectStore store) {
            this.store = store;
        }

        synchronized Future<Void> check() {
            long now = System.nanoTime();
            if (latest == null || (latest.isComplete() && now - askedAt > STORE_PERIOD.toNanos())) {
                askedAt = now;
                latest = store.check();
            }
            return latest;
        }
    }
}
