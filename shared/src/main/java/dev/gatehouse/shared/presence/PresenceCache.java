package dev.gatehouse.shared.presence;

import dev.gatehouse.shared.redis.RedisCommands;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Command;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/**
 * The copy of presence in Redis: the hash {@code presence:agent:<id>} with a field per gateway, {@code {lastSeenAt, run, version, spool:{bytes,chunks}}}. Every write renews the key's time to live; a Redis that was
 * emptied is full again after the next round. Thread-safe.
 */
public final class PresenceCache {

    /** Beyond it a key that no gateway writes is gone. */
    public static final Duration TTL = Duration.ofSeconds(30);

    /** Agents of one command. */
    static final int PAGE = 500;

    private static final String SEEN = "for i = 1, #KEYS do redis.call('HSET', KEYS[i], ARGV[1], ARGV[i + 2])"
            + " redis.call('EXPIRE', KEYS[i], ARGV[2]) end return #KEYS";
    private static final String GONE = "for i = 1, #KEYS do redis.call('HDEL', KEYS[i], ARGV[1]) end return #KEYS";

    private final RedisCommands redis;

    public PresenceCache(RedisCommands redis) {
        this.redis = redis;
    }

    public static String key(UUID agentId) {
        return "presence:agent:" + agentId;
    }

    public Future<Void> seen(String gatewayId, List<Presence> agents) {
        return inPages(agents, page -> {
            List<Object> arguments =
                    start(SEEN, page.stream().map(Presence::agentId).toList());
            arguments.add(gatewayId);
            arguments.add(TTL.toSeconds());
            page.forEach(agent -> arguments.add(json(agent)));
            return send(arguments);
        });
    }

    public Future<Void> gone(String gatewayId, List<UUID> agents) {
        return inPages(agents, page -> {
            List<Object> arguments = start(GONE, page);
            arguments.add(gatewayId);
            return send(arguments);
        });
    }

    private static List<Object> start(String script, List<UUID> agents) {
        List<Object> arguments = new ArrayList<>();
        arguments.add(script);
        arguments.add(agents.size());
        agents.forEach(agent -> arguments.add(key(agent)));
        return arguments;
    }

    private Future<Void> send(List<Object> arguments) {
        return redis.send(Command.EVAL, arguments.toArray()).mapEmpty();
    }

    private static String json(Presence agent) {
        return new JsonObject()
                .put("lastSeenAt", Instant.now().minus(agent.seenAgo()).toString())
                .put("run", agent.run())
                .put("version", agent.version())
                .put(
                        "spool",
                        new JsonObject()
                                .put("bytes", agent.spool().bytes())
                                .put("chunks", agent.spool().chunks()))
                .encode();
    }

    private static <T> Future<Void> inPages(List<T> all, Function<List<T>, Future<Void>> write) {
        if (all.isEmpty()) {
            return Future.succeededFuture();
        }
        int page = Math.min(PAGE, all.size());
        return write.apply(all.subList(0, page)).compose(done -> inPages(all.subList(page, all.size()), write));
    }
}
