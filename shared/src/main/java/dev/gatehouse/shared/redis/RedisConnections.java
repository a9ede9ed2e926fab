package dev.gatehouse.shared.redis;

import dev.gatehouse.shared.settings.HostPort;
import dev.gatehouse.shared.settings.Secret;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** How a process is connected to one Redis or Sentinel, with a limit on everything: the client's own defaults wait for ever. */
final class RedisConnections {

    private final Vertx vertx;
    private final RedisSettings settings;
    private final Optional<PemTrustOptions> trust;
    private final Optional<PemKeyCertOptions> key;

    /**
     * Reads the files that the settings name. Blocking.
     *
     * @throws IllegalArgumentException that names the setting that will not do
     */
    RedisConnections(Vertx vertx, RedisSettings settings) {
        this.vertx = vertx;
        this.settings = settings;
        check(settings);
        trust = settings.caFile().map(file -> new PemTrustOptions().addCertValue(bytes("redis.caFile", file)));
        key = settings.certificateFile()
                .map(file -> new PemKeyCertOptions()
                        .addCertValue(bytes("redis.certificateFile", file))
                        .addKeyValue(bytes("redis.keyFile", settings.keyFile().orElseThrow())));
    }

    /** A pool of connections to a Redis. */
    Redis toServer(HostPort address) {
        return pool("redis", address, settings.poolSize(), settings.user(), settings.password());
    }

    /** One connection to a Sentinel. */
    Redis toSentinel(HostPort address) {
        return pool("sentinel", address, 1, settings.sentinelUser(), settings.sentinelPassword());
    }

    private Redis pool(String name, HostPort address, int size, Optional<String> user, Optional<Secret> password) {
        RedisOptions options = new RedisOptions()
                .setType(RedisClientType.STANDALONE)
                .setConnectionString((trust.isPresent() ? "rediss://" : "redis://") + address)
                .setMaxPoolSize(size)
                .setMaxPoolWaiting(settings.maxWaiting())
                .setMaxWaitingHandlers(settings.maxWaiting())
                .setPoolName(name)
                .setNetClientOptions(socket());
        user.ifPresent(options::setUser);
        password.map(Secret::value).ifPresent(options::setPassword);
        return Redis.createClient(vertx, options);
    }

    private NetClientOptions socket() {
        int timeoutMillis = (int) settings.timeout().toMillis();
        NetClientOptions options = new NetClientOptions()
                .setConnectTimeout(timeoutMillis)
                .setTcpKeepAlive(true)
                .setTcpNoDelay(true)
                .setTcpUserTimeout(2 * timeoutMillis); // a host that vanished must not hold the pool
        trust.ifPresent(trusted -> options.setSsl(true)
                .setTrustAll(false)
                .setHostnameVerificationAlgorithm("HTTPS")
                .setSslHandshakeTimeout(timeoutMillis)
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                .setTrustOptions(trusted));
        key.ifPresent(options::setKeyCertOptions);
        return options;
    }

    private static void check(RedisSettings settings) {
        needs(settings.user(), "redis.user", settings.password(), "redis.password or redis.passwordFile");
        needs(
                settings.sentinelUser(),
                "redis.sentinelUser",
                settings.sentinelPassword(),
                "redis.sentinelPassword or redis.sentinelPasswordFile");
        needs(settings.certificateFile(), "redis.certificateFile", settings.keyFile(), "redis.keyFile");
        needs(settings.keyFile(), "redis.keyFile", settings.certificateFile(), "redis.certificateFile");
        needs(settings.certificateFile(), "redis.certificateFile", settings.caFile(), "redis.caFile");
    }

    private static void needs(Optional<?> given, String name, Optional<?> other, String otherName) {
        if (given.isPresent() && other.isEmpty()) {
            throw new IllegalArgumentException(name + ": " + given.get() + " is given without " + otherName);
        }
    }

    private static Buffer bytes(String setting, Path file) {
        try {
            return Buffer.buffer(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new IllegalArgumentException(setting + ": " + file + " cannot be read: " + e, e);
        }
    }
}
