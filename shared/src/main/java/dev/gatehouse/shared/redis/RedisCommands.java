package dev.gatehouse.shared.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Response;

/** Redis with every command under a timeout. A failure is normal: callers go on without. Thread-safe. */
public interface RedisCommands extends AutoCloseable {

    /** One command; fails after {@link RedisSettings#timeout()} at the latest. */
    Future<Response> send(Command command, Object... arguments);

    @Override
    void close();
}
