package dev.gatehouse.shared.node;

import dev.gatehouse.shared.cluster.Members;
import dev.gatehouse.shared.redis.RedisCommands;
import dev.gatehouse.shared.status.Health;
import dev.gatehouse.shared.store.ObjectStore;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;

/**
 * What every service of a process stands on.
 *
 * @param id unique for each start of a process; the same as {@link dev.gatehouse.shared.cluster.Member#id()}
 * @param postgres every limit set; requests fail rather than wait for ever
 */
public record Node(
        String id,
        String version,
        Vertx vertx,
        Settings settings,
        Members members,
        Pool postgres,
        RedisCommands redis,
        ObjectStore store,
        MeterRegistry meters,
        Health health,
        Certificates certificates,
        Shutdown shutdown) {}
