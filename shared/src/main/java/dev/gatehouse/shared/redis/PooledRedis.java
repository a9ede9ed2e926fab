package dev.gatehouse.shared.redis;

import dev.gatehouse.shared.retry.Backoff;
import dev.gatehouse.shared.settings.HostPort;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Redis that takes writes, over a bounded pool of connections: the one at an address, or the master that Sentinels name.
 *
 * <p>A server is used once it has said that it is a master, and until a command fails because of it (it is gone, is silent, or is a replica now) or a look each {@link #LOOK} finds that another is the master. Then it is looked
 * for: at once, and after failures at random times that grow to {@link #LAST_PAUSE}, in between which commands fail at once. A server of the wrong kind, such as a Redis Cluster, is never used. Thread-safe.
 */
public final class PooledRedis implements RedisCommands {

    private static final Logger log = LoggerFactory.getLogger(PooledRedis.class);

    /** How often the server that is used is held against what Sentinels say. */
    static final Duration LOOK = Duration.ofSeconds(5);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);

    /** An empty Redis is full again 10 s after it has come: this, and the round of those who write copies. */
    private static final Duration LAST_PAUSE = Duration.ofSeconds(2);

    private record Server(HostPort address, Redis redis) {}

    private final Vertx vertx;
    private final RedisSettings settings;
    private final RedisConnections connections;
    private final Sentinels sentinels;
    private final AtomicInteger underWay = new AtomicInteger();
    private final long lookTimer;

    // guarded by this
    private final Backoff backoff = new Backoff(FIRST_PAUSE, LAST_PAUSE, new Random());
    private Server server; // null: none is known
    private Promise<Server> search; // null: none is under way
    private long notBefore = System.nanoTime();
    private Throwable failure;
    private boolean closed;

    /**
     * Reads the files that the settings name. Blocking.
     *
     * @throws IllegalArgumentException that names the setting that will not do
     */
    public PooledRedis(Vertx vertx, RedisSettings settings) {
        this.vertx = vertx;
        this.settings = settings;
        this.connections = new RedisConnections(vertx, settings);
        this.sentinels = new Sentinels(connections, settings);
        long first = 1 + ThreadLocalRandom.current().nextLong(LOOK.toMillis()); // not all processes at once
        this.lookTimer = vertx.setPeriodic(first, LOOK.toMillis(), due -> look());
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
        if (underWay.incrementAndGet() > settings.maxWaiting() + settings.poolSize()) {
            underWay.decrementAndGet();
            return Future.failedFuture(
                    new RedisAwayException("more than redis.maxWaiting " + settings.maxWaiting() + " commands wait"));
        }
        Future<Server> found = server();
        return here(limited(found.compose(known -> known.redis().send(request))))
                .onComplete(answer -> {
                    underWay.decrementAndGet();
                    if (answer.failed() && found.succeeded() && ServerFailure.is(answer.cause())) {
                        lost(found.result(), answer.cause());
                    }
                });
    }

    /** Whether a Redis that takes writes answers; a {@link RedisRefusedException} is for good. */
    public Future<Void> check() {
        return send(Command.PING).mapEmpty();
    }

    /** For people: which Redis it is. */
    public String where() {
        return settings.where();
    }

    @Override
    public void close() {
        Server known;
        synchronized (this) {
            closed = true;
            known = server;
            server = null;
        }
        vertx.cancelTimer(lookTimer);
        sentinels.close();
        if (known != null) {
            known.redis().close();
        }
    }

    /** The server to use, looked for if there is none and it is time for it. */
    private synchronized Future<Server> server() {
        if (closed) {
            return Future.failedFuture(new RedisAwayException("Redis is closed"));
        } else if (server != null) {
            return Future.succeededFuture(server);
        } else if (search != null) {
            return search.future();
        } else if (System.nanoTime() - notBefore < 0) {
            return Future.failedFuture(failure);
        }
        Promise<Server> begun = Promise.promise();
        search = begun;
        find().onComplete(found -> {
            ended(found);
            begun.handle(found);
        });
        return begun.future();
    }

    private Future<Server> find() {
        return Future.<Void>succeededFuture().compose(go -> address()).compose(address -> {
            Redis redis = connections.toServer(address);
            return kind(redis)
                    .compose(kind -> kind == ServerKind.MASTER
                            ? Future.succeededFuture(new Server(address, redis))
                            : Future.<Server>failedFuture(refusal(address, kind)))
                    .onFailure(cause -> redis.close());
        });
    }

    private synchronized void ended(AsyncResult<Server> found) {
        search = null;
        if (found.failed()) {
            if (backoff.failures() == 0) {
                log.warn("Redis {} is not to be used, looked for again: {}", settings.where(), text(found.cause()));
            }
            failure = found.cause();
            notBefore = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(backoff.failedMillis());
        } else if (closed) {
            found.result().redis().close();
        } else {
            log.info("Redis at {} is used, after {} failures", found.result().address(), backoff.failures());
            backoff.succeeded();
            server = found.result();
        }
    }

    /** Commands that are on their way may still be answered. */
    private synchronized void lost(Server which, Throwable cause) {
        if (which.equals(server)) {
            log.warn("Redis at {} is looked for anew: {}", which.address(), text(cause));
            server = null;
            vertx.setTimer(settings.timeout().toMillis(), due -> which.redis().close());
        }
    }

    private void look() {
        Server used;
        synchronized (this) {
            used = server;
        }
        if (used == null) {
            server().onFailure(cause -> log.debug("Redis not found", cause));
            return;
        }
        address()
                .otherwise(used.address()) // Sentinels that are away are no reason to leave it
                .compose(address -> address.equals(used.address())
                        ? kind(used.redis())
                        : Future.failedFuture(address + " is the master"))
                .onSuccess(kind -> {
                    if (kind != ServerKind.MASTER) {
                        lost(used, refusal(used.address(), kind));
                    }
                })
                .onFailure(cause -> lost(used, cause));
    }

    private Future<HostPort> address() {
        return settings.sentinels().isEmpty() ? Future.succeededFuture(settings.address()) : sentinels.master();
    }

    private Future<ServerKind> kind(Redis redis) {
        return limited(redis.send(Request.cmd(Command.INFO))).map(info -> ServerKind.of(info.toString()));
    }

    /** Completes on the caller's context: a search completes on that of whoever began it. */
    private <T> Future<T> here(Future<T> elsewhere) {
        Context context = vertx.getOrCreateContext();
        Promise<T> promise = Promise.promise();
        elsewhere.onComplete(result -> context.runOnContext(go -> promise.handle(result)));
        return promise.future();
    }

    private <T> Future<T> limited(Future<T> answer) {
        return answer.timeout(settings.timeout().toMillis(), TimeUnit.MILLISECONDS);
    }

    private RuntimeException refusal(HostPort address, ServerKind kind) {
        String text = address + " is " + kind;
        String setting = settings.sentinels().isEmpty() ? "redis.address: " : "redis.sentinels: their master ";
        return kind.isWrong() ? new RedisRefusedException(setting + text) : new RedisAwayException(text);
    }

    private static String text(Throwable cause) {
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }
}
