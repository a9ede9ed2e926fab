package dev.gatehouse.shared.trust;

import dev.gatehouse.shared.bus.Addresses;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices what others have changed: polls the counter of each {@link Topic} and has whoever listens load again. The bus only hastens the next poll.
 *
 * <p>While the database is away the last view stays, and {@link #age()} says how old it is. A listener that fails is asked again at the next poll. Polls run one after the other on a context of its own; all methods may be
 * called from any thread.
 */
public final class Topics {

    /** Between polls: the most that a change needs to be noticed while the database answers. */
    static final Duration PERIOD = Duration.ofMillis(500);

    /** For one poll with all that it loads. */
    static final Duration LIMIT = Duration.ofSeconds(10);

    private static final Logger log = LoggerFactory.getLogger(Topics.class);

    private static final class Listener {
        final Topic topic;
        final Supplier<Future<Void>> load;
        long seen = -1; // confined to the context

        Listener(Topic topic, Supplier<Future<Void>> load) {
            this.topic = topic;
            this.load = load;
        }
    }

    private final Vertx vertx;
    private final Pool postgres;
    private final Context context;
    private final Duration period;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final long madeAt = System.nanoTime();
    private volatile long currentAt = madeAt;
    private volatile boolean current;

    private MessageConsumer<Object> consumer;
    private long timer = -1;
    private boolean polling;
    private boolean again;
    private boolean failing;

    public Topics(Vertx vertx, Pool postgres) {
        this(vertx, postgres, PERIOD);
    }

    Topics(Vertx vertx, Pool postgres, Duration period) {
        this.vertx = vertx;
        this.period = period;
        this.postgres = postgres;
        this.context = vertx.getOrCreateContext();
    }

    /** Counts a change, within the transaction that makes it. Several topics: in the order of the enum, or two transactions wait for each other. */
    public static Future<Void> bump(SqlConnection transaction, Topic topic) {
        return transaction
                .preparedQuery("insert into topic (name, version) values ($1, 1)"
                        + " on conflict (name) do update set version = topic.version + 1")
                .execute(Tuple.of(topic.word()))
                .mapEmpty();
    }

    /** To be called after the commit: everyone polls at once rather than within {@link #PERIOD}. */
    public static void hasten(Vertx vertx) {
        vertx.eventBus().publish(Addresses.TOPICS, "");
    }

    /** @param load called once at first and after each change, again if it fails; one given up after {@link #LIMIT} may still be under way when it is called the next time */
    public void onChange(Topic topic, Supplier<Future<Void>> load) {
        listeners.add(new Listener(topic, load));
    }

    /** Starts to poll. Completes when all that listen have loaded for the first time or could not: see {@link #current()}. */
    public Future<Void> start() {
        Promise<Void> started = Promise.promise();
        context.runOnContext(go -> {
            timer = vertx.setPeriodic(period.toMillis(), tick -> poll());
            consumer = vertx.eventBus().consumer(Addresses.TOPICS, message -> poll());
            poll().onComplete(first -> started.complete());
        });
        return started.future();
    }

    public Future<Void> stop() {
        Promise<Void> stopped = Promise.promise();
        context.runOnContext(go -> {
            vertx.cancelTimer(timer);
            (consumer == null ? Future.<Void>succeededFuture() : consumer.unregister()).onComplete(stopped);
        });
        return stopped.future();
    }

    /** Whether everything has been loaded at least once. Until then nothing is known, rather than nothing revoked. */
    public boolean current() {
        return current;
    }

    /** How long ago the view was last known to be the newest. */
    public Duration age() {
        return Duration.ofNanos(System.nanoTime() - currentAt);
    }

    private Future<Void> poll() {
        if (polling) {
            again = true; // what changed after the poll under way had read must not wait for the timer
            return Future.succeededFuture();
        }
        polling = true;
        again = false;
        long askedAt = System.nanoTime();
        return postgres.query("select name, version from topic")
                .execute()
                .compose(rows -> {
                    Map<Topic, Long> versions = new EnumMap<>(Topic.class);
                    for (Row row : rows) {
                        for (Topic topic : Topic.values()) {
                            if (topic.word().equals(row.getString(0))) {
                                versions.put(topic, row.getLong(1));
                            }
                        }
                    }
                    return load(versions);
                })
                .timeout(LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                .onSuccess(loaded -> {
                    currentAt = askedAt;
                    current = true;
                    if (failing) {
                        log.info("Topics are polled again");
                    }
                    failing = false;
                })
                .onFailure(cause -> {
                    if (!failing) {
                        log.warn("Topics not polled; the last view stays until the database answers", cause);
                    }
                    failing = true;
                })
                .transform(result -> {
                    polling = false;
                    return again ? poll() : Future.succeededFuture();
                });
    }

    private Future<Void> load(Map<Topic, Long> versions) {
        List<Future<Void>> loads = new ArrayList<>();
        for (Listener listener : listeners) {
            long version = versions.getOrDefault(listener.topic, 0L);
            if (listener.seen != version) {
                loads.add(listener.load.get().onSuccess(loaded -> listener.seen = version));
            }
        }
        return Future.all(loads).mapEmpty();
    }
}
