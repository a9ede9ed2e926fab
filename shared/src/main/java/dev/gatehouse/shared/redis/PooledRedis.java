package dev.gatehouse.shared.redis;

import dev.gatehouse.shared.settings.Secret;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClientOptions;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.concurrent.TimeUnit;

/**
 * Redis over a bounded pool of connections. The pool connects again whenever it has to; until then commands fail fast or within the timeout.
 *
 * <p>A Redis Cluster is refused by name: keys of one command may lie on several of its nodes.
 */
public final class PooledRedis implements RedisCommands {

    private static final String CLUSTER_REFUSED =
            " is a Redis Cluster, which is not supported; allowed: one Redis, or one behind a failover address";

    private final RedisSettings settings;
    private final Redis redis;
    private volatile boolean known;

    public PooledRedis(Vertx vertx, RedisSettings settings) {
        this.settings = settings;
        int timeoutMillis = (int) settings.timeout().toMillis();
        RedisOptions options = new RedisOptions()
                .setType(RedisClientType.STANDALONE)
                .setConnectionString("redis://" + settings.address())
                .setMaxPoolSize(settings.poolSize())
                .setMaxPoolWaiting(settings.maxWaiting())
                .setMaxWaitingHandlers(settings.maxWaiting())
                .setPoolName("redis")
                .setNetClientOptions(new NetClientOptions()
                        .setConnectTimeout(timeoutMillis)
                        .setTcpKeepAlive(true)
                        .setTcpNoDelay(true)
                        .setTcpUserTimeout(2 * timeoutMillis)); // a host that vanished must not hold the pool
        settings.password().map(Secret::value).ifPresent(options::setPassword);
        this.redis = Redis.createClient(vertx, options);
    }

    @Override
    public Future<Response> send(Command command, Object... arguments) {
        Request request = Request.cmd(command);
        for (Object argument : arguments) {
            switch (argument) {
                case Buffer bytes -> request.arg(bytes);
                case byte[] bytes -> request.arg(Buffer.buffer(bytes));
                default -> request.arg(argument.toString());
            }
        }
        try {
            return redis.send(request).timeout(settings.timeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    /** Whether Redis answers and is of a kind that is supported; a {@link RedisRefusedException} is for good. */
    public Future<Void> check() {
        if (known) {
            return send(Command.PING).mapEmpty();
        }
        return send(Command.INFO, "cluster").compose(info -> {
            if (info.toString().contains("cluster_enabled:1")) {
                return Future.failedFuture(
                        new RedisRefusedException("redis.address: " + settings.address() + CLUSTER_REFUSED));
            }
            known = true;
            return Future.succeededFuture();
        });
    }

    @Override
    public void close() {
        redis.close();
    }
}
