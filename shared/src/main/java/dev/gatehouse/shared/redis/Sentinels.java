package dev.gatehouse.shared.redis;

import dev.gatehouse.shared.settings.HostPort;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Asks Sentinels where the master is: one after the other, the one that knew it last first. What one says may be out of date, so the server itself must be asked what it is. Thread-safe. */
final class Sentinels {

    private record Sentinel(HostPort address, Redis redis) {}

    private final String masterName;
    private final Duration limit;
    private final List<Sentinel> all;
    private volatile int last;

    Sentinels(RedisConnections connections, RedisSettings settings) {
        this.masterName = settings.masterName();
        this.limit = settings.timeout();
        this.all = settings.sentinels().stream()
                .map(address -> new Sentinel(address, connections.toSentinel(address)))
                .toList();
    }

    /** Fails when none of them answers or knows the master. */
    Future<HostPort> master() {
        return ask(last, all.size(), new RedisAwayException("there are no Sentinels"));
    }

    void close() {
        all.forEach(sentinel -> sentinel.redis().close());
    }

    private Future<HostPort> ask(int index, int left, Throwable cause) {
        if (left == 0) {
            return Future.failedFuture(
                    new RedisAwayException("no Sentinel names the master " + masterName + ": " + cause.getMessage()));
        }
        Sentinel sentinel = all.get(index);
        return sentinel.redis()
                .send(Request.cmd(Command.SENTINEL)
                        .arg("get-master-addr-by-name")
                        .arg(masterName))
                .timeout(limit.toMillis(), TimeUnit.MILLISECONDS)
                .compose(answer -> named(sentinel, answer))
                .onSuccess(found -> last = index)
                .recover(failure -> ask((index + 1) % all.size(), left - 1, failure));
    }

    private static Future<HostPort> named(Sentinel sentinel, Response answer) {
        return answer == null || answer.size() != 2
                ? Future.failedFuture(sentinel.address() + " does not know it")
                : Future.succeededFuture(
                        new HostPort(answer.get(0).toString(), answer.get(1).toInteger()));
    }
}
