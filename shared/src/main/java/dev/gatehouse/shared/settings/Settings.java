package dev.gatehouse.shared.settings;

import dev.gatehouse.shared.cluster.ClusterSettings;
import dev.gatehouse.shared.custody.CustodySettings;
import dev.gatehouse.shared.node.EndpointsSettings;
import dev.gatehouse.shared.node.NodeSettings;
import dev.gatehouse.shared.postgres.PostgresSettings;
import dev.gatehouse.shared.redis.RedisSettings;
import dev.gatehouse.shared.store.StoreSettings;

/** All settings of all services: one file, each service uses its part. */
public record Settings(
        NodeSettings node,
        ClusterSettings cluster,
        EndpointsSettings endpoints,
        PostgresSettings postgres,
        RedisSettings redis,
        StoreSettings store,
        CustodySettings custody,
        CaptureSettings capture,
        AccessSettings access) {}
