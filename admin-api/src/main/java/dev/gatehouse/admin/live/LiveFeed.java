package dev.gatehouse.admin.live;

import dev.gatehouse.admin.agent.AgentJson;
import dev.gatehouse.shared.record.AgentRecords;
import dev.gatehouse.shared.record.CaptureRates;
import dev.gatehouse.shared.record.StreamRecords;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the database while anybody listens, once for all of them, and tells each what has changed. Confined to the context it was made on.
 */
final class LiveFeed {

    static final Duration PERIOD = Duration.ofSeconds(2);

    /** How far back a new listener is told the rate. */
    static final Duration HISTORY = Duration.ofMinutes(3);

    /** A second may still get commits for so long: it is told again. */
    private static final Duration SETTLING = Duration.ofSeconds(6);

    /** With more agents online than this only their count is told. */
    static final int MAX_AGENTS = 5_000;

    /** Counting all is not free: each so many looks. */
    private static final int LOOKS_PER_COUNT = 3;

    private static final Logger log = LoggerFactory.getLogger(LiveFeed.class);

    private final Vertx vertx;
    private final AgentRecords agents;
    private final StreamRecords streams;
    private final CaptureRates rates;
    private final Set<Consumer<String>> listeners = new LinkedHashSet<>();
    private AgentChanges changes = new AgentChanges();
    private String counts = "";
    private long timer = -1;
    private int looks;
    private boolean looking;

    LiveFeed(Vertx vertx, AgentRecords agents, StreamRecords streams, CaptureRates rates) {
        this.vertx = vertx;
        this.agents = agents;
        this.streams = streams;
        this.rates = rates;
    }

    int listeners() {
        return listeners.size();
    }

    /** From now on told each event, first the recent past. */
    void add(Consumer<String> listener) {
        listeners.add(listener);
        if (!counts.isEmpty()) {
            listener.accept(counts);
        }
        Instant now = Instant.now();
        rates.between(now.minus(HISTORY), now.truncatedTo(ChronoUnit.SECONDS))
                .onSuccess(seconds -> listener.accept(event("rate", rateJson(now, seconds))))
                .onFailure(cause -> log.debug("No history for a listener", cause));
        if (timer < 0) {
            looks = 0;
            changes = new AgentChanges();
            timer = vertx.setPeriodic(PERIOD.toMillis(), tick -> look());
            look();
        }
    }

    void remove(Consumer<String> listener) {
        listeners.remove(listener);
        if (listeners.isEmpty() && timer >= 0) {
            vertx.cancelTimer(timer);
            timer = -1;
        }
    }

    private void look() {
        if (looking) {
            return; // the database is slow: no second question on top
        }
        looking = true;
        Instant now = Instant.now();
        boolean count = looks++ % LOOKS_PER_COUNT == 0;
        rates.between(now.minus(SETTLING), now.truncatedTo(ChronoUnit.SECONDS))
                .onSuccess(seconds -> tell(event("rate", rateJson(now, seconds))))
                .compose(told -> agents.online(MAX_AGENTS + 1))
                .onSuccess(online -> {
                    if (online.size() <= MAX_AGENTS) {
                        tell(changes.next(online));
                    }
                })
                .compose(told -> count ? count() : Future.succeededFuture())
                .onComplete(done -> {
                    looking = false;
                    if (done.failed()) {
                        tell(event("away", JsonObject.of("detail", "the database does not answer")));
                    }
                });
    }

    private Future<Void> count() {
        return agents.counts()
                .compose(states -> streams.open().map(open -> {
                    counts = event(
                            "counts",
                            JsonObject.of(
                                    "online", states.online(),
                                    "offline", states.offline(),
                                    "revoked", states.revoked(),
                                    "openStreams", open));
                    tell(counts);
                    return null;
                }));
    }

    private void tell(AgentChanges.Changes changed) {
        changed.shown().forEach(agent -> tell(event("agent", AgentJson.of(agent))));
        changed.gone().forEach(id -> tell(event("agent", JsonObject.of("id", id.toString(), "state", "offline"))));
    }

    private void tell(String event) {
        List.copyOf(listeners).forEach(listener -> listener.accept(event));
    }

    /** {@code until}: seconds up to here that are not in the list had nothing. */
    private static JsonObject rateJson(Instant now, List<CaptureRates.Second> seconds) {
        JsonArray items = new JsonArray();
        for (CaptureRates.Second second : new ArrayList<>(seconds)) {
            items.add(JsonObject.of("at", second.at().toString(), "bytes", second.bytes(), "chunks", second.chunks()));
        }
        return JsonObject.of("until", now.truncatedTo(ChronoUnit.SECONDS).toString(), "seconds", items);
    }

    private static String event(String name, JsonObject data) {
        return "event: " + name + "\ndata: " + data.encode() + "\n\n";
    }
}
