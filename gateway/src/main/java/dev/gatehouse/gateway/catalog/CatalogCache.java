package dev.gatehouse.gateway.catalog;

import dev.gatehouse.shared.redis.RedisCommands;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The copy of gateways' lists in Redis: the hash {@code catalog:gateway:<id>} with a field per agent. Only its owner writes it, and renews its time to live each {@link #ROUND}; it is read when the owner is not heard on the
 * bus. So it may add or raise entries of others, and never remove one: a Redis that was emptied has no copy, which says nothing, and is written anew with the next round.
 *
 * <p>Confined to the catalog's context.
 */
public final class CatalogCache {

    /** Beyond it the copy of a gateway that has gone is gone, too. */
    static final Duration TTL = FollowedList.SILENCE;

    static final Duration ROUND = Duration.ofSeconds(5);

    /** An owner that is not heard for longer is looked up. */
    static final Duration DOUBT = Duration.ofSeconds(5);

    /** Fields of one command. */
    private static final int PAGE = 200;

    /** The time to live is renewed if the copy is there with this number of fields. */
    private static final String RENEW =
            "if redis.call('HLEN', KEYS[1]) == tonumber(ARGV[1]) then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end return 0";

    private final RedisCommands redis;
    private final String self;
    private final Map<UUID, Versioned> unwritten = new HashMap<>();
    private long roundNanos = System.nanoTime() - ROUND.toNanos();
    private boolean busy;

    public CatalogCache(RedisCommands redis, String self) {
        this.redis = redis;
        this.self = self;
    }

    private static String key(String owner) {
        return "catalog:gateway:" + owner;
    }

    /** Is written with the next round: the copy is for when the bus is silent, not to be as fast as it. */
    void changed(List<Versioned> changes) {
        changes.forEach(change -> unwritten.put(change.agentId(), change));
    }

    /** Writes what has changed, and everything if the copy is not there or not whole. Called each second; does something each {@link #ROUND}. */
    void round(OwnList own) {
        long now = System.nanoTime();
        if (busy || now - roundNanos < ROUND.toNanos()) {
            return;
        }
        roundNanos = now;
        busy = true;
        List<Versioned> changes = List.copyOf(unwritten.values());
        unwritten.clear();
        int count = own.digest().count();
        write(changes)
                .compose(written -> count == 0 ? Future.succeededFuture(true) : renew(count))
                .compose(whole -> whole ? Future.succeededFuture() : everything(own))
                .onComplete(done -> {
                    busy = false;
                    if (done.failed()) {
                        changes.forEach(change -> unwritten.putIfAbsent(change.agentId(), change));
                    }
                });
    }

    private Future<Boolean> renew(int count) {
        return redis.send(Command.EVAL, RENEW, 1, key(self), count, TTL.toMillis())
                .map(answer -> answer.toInteger() == 1);
    }

    private Future<Void> everything(OwnList own) {
        return redis.send(Command.DEL, key(self))
                .compose(removed -> write(own.page(Optional.empty()), own))
                .compose(written -> redis.send(Command.PEXPIRE, key(self), TTL.toMillis()))
                .mapEmpty();
    }

    private Future<Void> write(CatalogMessage.Page page, OwnList own) {
        return write(page.entries())
                .compose(written ->
                        page.until().isPresent() ? write(own.page(page.until()), own) : Future.succeededFuture());
    }

    private Future<Void> write(List<Versioned> changes) {
        if (changes.isEmpty()) {
            return Future.succeededFuture();
        }
        List<Versioned> page = changes.subList(0, Math.min(PAGE, changes.size()));
        List<Object> set = new ArrayList<>(List.of(key(self)));
        List<Object> remove = new ArrayList<>(List.of(key(self)));
        for (Versioned change : page) {
            if (change.entry().isPresent()) {
                set.add(change.agentId());
                set.add(CatalogCodecs.entry(change));
            } else {
                remove.add(change.agentId());
            }
        }
        Future<Void> written = set.size() == 1
                ? Future.succeededFuture()
                : redis.send(Command.HSET, set.toArray()).mapEmpty();
        return written.compose(done -> remove.size() == 1
                        ? Future.succeededFuture()
                        : redis.send(Command.HDEL, remove.toArray()).mapEmpty())
                .compose(done -> write(changes.subList(page.size(), changes.size())));
    }

    /** The copy of another gateway's list, if that gateway has renewed it lately; otherwise nothing is known. */
    Future<Optional<List<Versioned>>> read(String owner) {
        return redis.send(Command.PTTL, key(owner)).compose(left -> {
            if (left.toLong() < TTL.minus(ROUND.multipliedBy(2)).toMillis()) {
                return Future.succeededFuture(Optional.empty());
            }
            return redis.send(Command.HVALS, key(owner)).map(values -> Optional.of(entries(values)));
        });
    }

    private static List<Versioned> entries(Response values) {
        List<Versioned> entries = new ArrayList<>();
        for (Response value : values) {
            entries.add(CatalogCodecs.entry(Buffer.buffer(value.toBytes())));
        }
        return entries;
    }
}
