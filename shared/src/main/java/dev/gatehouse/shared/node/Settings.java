package dev.gatehouse.shared.node;

import dev.gatehouse.shared.cluster.ClusterSettings;
import dev.gatehouse.shared.custody.CustodySettings;
import dev.gatehouse.shared.postgres.PostgresSettings;
import dev.gatehouse.shared.redis.RedisSettings;
import dev.gatehouse.shared.settings.AccessSettings;
import dev.gatehouse.shared.settings.CaptureSettings;
import dev.gatehouse.shared.settings.SettingsLoader;
import dev.gatehouse.shared.store.StoreSettings;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

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
        AccessSettings access) {

    /** The file, if one is given, and the environment of this process on top; all problems by one {@link dev.gatehouse.shared.settings.SettingsException}. */
    public static Settings load(Optional<Path> file) {
        return load(file, System.getenv(), Map.of());
    }

    /**
     * @param overrides by key as in the file ({@code postgres.poolSize}), on top of all
     */
    public static Settings load(Optional<Path> file, Map<String, String> environment, Map<String, String> overrides) {
        return SettingsLoader.load(Settings.class, file, environment, overrides);
    }
}
