package dev.gatehouse.gateway.agentlink;

import dev.gatehouse.shared.presence.Presence;
import dev.gatehouse.shared.presence.PresenceCache;
import dev.gatehouse.shared.presence.PresenceTable;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes who is linked here to the database and to Redis: all agents each {@link #ROUND}, those that have come or gone within {@link #PERIOD}. A database or Redis that is away costs a log line; the next round makes up for
 * it. Runs on a context of its own.
 */
final class PresenceReporter {

    static final Duration PERIOD = Duration.ofMillis(500);
    static final Duration ROUND = Duration.ofSeconds(5);

    private static final Logger log = LoggerFactory.getLogger(PresenceReporter.class);

    /** One of the two places, which are written independently of each other. Confined to the reporter's context. */
    private static final class Place {
        final String name;
        boolean busy;
        boolean failing;
        long roundAt;
        long changes = -1; // of the registry, that are written
        Set<UUID> written = new HashSet<>();

        Place(String name) {
            this.name = name;
        }

        boolean isRound(long now) {
            return now - roundAt >= ROUND.toNanos();
        }

        boolean isDue(long changesNow, long now) {
            return !busy && (changesNow != changes || isRound(now));
        }
    }

    private final Vertx vertx;
    private final Context context;
    private final String self;
    private final LinkRegistry registry;
    private final GatewayDirectory directory;
    private final PresenceTable table;
    private final PresenceCache cache;
    private final Place inTable = new Place("PostgreSQL");
    private final Place inCache = new Place("Redis");
    private long timer = -1;

    PresenceReporter(
            Vertx vertx,
            String self,
            LinkRegistry registry,
            GatewayDirectory directory,
            PresenceTable table,
            PresenceCache cache) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.self = self;
        this.registry = registry;
        this.directory = directory;
        this.table = table;
        this.cache = cache;
    }

    void start() {
        long now = System.nanoTime();
        inTable.roundAt = now;
        inCache.roundAt = now;
        context.runOnContext(go -> timer = vertx.setPeriodic(PERIOD.toMillis(), tick -> report()));
    }

    /** Says of all agents that they have gone from here, as far as that can still be said. */
    Future<Void> stop() {
        vertx.cancelTimer(timer);
        List<UUID> all = List.copyOf(inTable.written);
        return Future.join(table.gone(self, all), cache.gone(self, all))
                .<Void>mapEmpty()
                .otherwiseEmpty();
    }

    private void report() {
        long now = System.nanoTime();
        long changes = registry.changes();
        if (!inTable.isDue(changes, now) && !inCache.isDue(changes, now)) {
            return;
        }
        Map<UUID, Presence> here = new HashMap<>();
        registry.forEachHere(entry ->
                here.put(entry.claim().agentId(), entry.handle().facts().at(now)));
        write(
                inTable,
                here,
                changes,
                now,
                (agents, gone) -> table.seen(self, directory.live(), agents).compose(done -> table.gone(self, gone)));
        write(
                inCache,
                here,
                changes,
                now,
                (agents, gone) -> cache.seen(self, agents).compose(done -> cache.gone(self, gone)));
    }

    private interface Write {
        Future<Void> write(List<Presence> agents, List<UUID> gone);
    }

    private static void write(Place place, Map<UUID, Presence> here, long changes, long now, Write write) {
        if (!place.isDue(changes, now)) {
            return;
        }
        boolean round = place.isRound(now);
        List<Presence> agents = new ArrayList<>();
        here.forEach((id, presence) -> {
            if (round || !place.written.contains(id)) {
                agents.add(presence);
            }
        });
        List<UUID> gone =
                place.written.stream().filter(id -> !here.containsKey(id)).toList();
        if (agents.isEmpty() && gone.isEmpty()) {
            place.changes = changes;
            return;
        }
        place.busy = true;
        guarded(() -> write.write(agents, gone)).onComplete(done -> {
            place.busy = false;
            if (done.succeeded()) {
                place.written = new HashSet<>(here.keySet());
                place.changes = changes;
                if (round) {
                    place.roundAt = now;
                }
                if (place.failing) {
                    log.info("Presence is written to {} again", place.name);
                }
            } else if (!place.failing) {
                log.warn("Presence not written to {}; tried again each round", place.name, done.cause());
            }
            place.failing = done.failed();
        });
    }

    private static Future<Void> guarded(Supplier<Future<Void>> write) {
        try {
            return write.get();
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }
}
