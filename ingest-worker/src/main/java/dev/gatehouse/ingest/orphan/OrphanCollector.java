package dev.gatehouse.ingest.orphan;

import dev.gatehouse.ingest.writer.WriterRow;
import dev.gatehouse.shared.store.ObjectStore;
import dev.gatehouse.shared.store.StoreException;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after objects whose rows were never written, or were lost with a part of the database. First closes writers that are gone, so that their rows can never come; then commits late what is needed of what they left
 * ({@link Adoption}), moves aside what is not, and removes that a month later.
 *
 * <p>Harmless when several run at once, or when one dies in between: closing, adopting, moving and removing can be repeated, and what is not needed once never is again. Thread-safe.
 */
public final class OrphanCollector {

    private static final Logger log = LoggerFactory.getLogger(OrphanCollector.class);

    /** How often it runs on each worker; one at a time is enough, more do no harm. */
    public static final Duration PERIOD = Duration.ofMinutes(10);

    /** Where orphans lie until they are removed. */
    public static final String LOST = "lost+found/";

    /** For how long; and for how long an orphan waits where it is for agents that may still have what is missing before it. */
    static final Duration KEPT = Duration.ofDays(30);

    /** How often the store is searched for writers of which there is no row: one request for each writer. */
    static final Duration SEARCH = Duration.ofHours(1);

    /** Objects of one look at the store. */
    private static final int PAGE = 500;

    /** Writers of one round. */
    private static final int WRITERS = 10_000;

    /** How often a round begins again because something was adopted, and something else may have waited for that. */
    private static final int PASSES = 10;

    private static final Pattern WRITER = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    /**
     * What a round did.
     *
     * @param moved orphans moved aside
     * @param adopted chunks committed late
     * @param waiting orphans that were left where they are, for agents that may come back
     */
    public record Round(int moved, int adopted, int waiting) {

        static final Round NOTHING = new Round(0, 0, 0);

        Round and(Round other) {
            return new Round(moved + other.moved, adopted + other.adopted, waiting + other.waiting);
        }
    }

    private final Pool postgres;
    private final ObjectStore store;
    private final WriterRow writers;
    private final Adoption adoption;
    private final Duration gone;
    private volatile Instant searched = Instant.MIN;

    /** @param gone a writer not seen for so long is closed */
    public OrphanCollector(Pool postgres, ObjectStore store, Duration gone) {
        this.postgres = postgres;
        this.store = store;
        this.writers = new WriterRow(postgres);
        this.adoption = new Adoption(postgres, store);
        this.gone = gone;
    }

    /** One round. */
    public Future<Round> collect(Instant now) {
        return writers.closeGone(gone)
                .compose(closed -> search(now))
                .compose(found -> pass(now, 1, Round.NOTHING))
                .compose(round -> removeOld(now, "").map(round))
                .onSuccess(round -> {
                    if (round.moved() + round.adopted() > 0) {
                        log.warn(
                                "Objects without rows: {} chunks committed late, {} objects moved to {}, {} objects wait",
                                round.adopted(),
                                round.moved(),
                                LOST,
                                round.waiting());
                    }
                });
    }

    /** Closes writers of which there are objects and no row. */
    private Future<Void> search(Instant now) {
        if (searched.isAfter(now.minus(SEARCH))) {
            return Future.succeededFuture();
        }
        return searchFrom("").onSuccess(done -> searched = now);
    }

    private Future<Void> searchFrom(String after) {
        return store.list("", after, 1).compose(page -> {
            if (page.isEmpty()) {
                return Future.succeededFuture();
            }
            String key = page.getFirst().key();
            String folder = key.substring(0, Math.max(0, key.indexOf('/')));
            Future<Void> closed = WRITER.matcher(folder).matches()
                    ? writers.closeUnknown(UUID.fromString(folder))
                    : Future.succeededFuture();
            // '0' is what comes after '/'
            return closed.compose(done -> searchFrom(folder.isEmpty() ? key : folder + "0"));
        });
    }

    private Future<Round> pass(Instant now, int number, Round before) {
        return writers.unswept(WRITERS).compose(closed -> sweepAll(closed, now)).compose(round -> {
            Round sum = new Round(before.moved() + round.moved(), before.adopted() + round.adopted(), round.waiting());
            return round.adopted() > 0 && round.waiting() > 0 && number < PASSES
                    ? pass(now, number + 1, sum)
                    : Future.succeededFuture(sum);
        });
    }

    private Future<Round> sweepAll(List<UUID> closed, Instant now) {
        Future<Round> all = Future.succeededFuture(Round.NOTHING);
        for (UUID writer : closed) {
            all = all.compose(before -> sweep(writer, "", now)
                    .compose(round -> (round.waiting() == 0 ? writers.swept(writer) : Future.<Void>succeededFuture())
                            .map(before.and(round))));
        }
        return all;
    }

    /** Looks through what the closed writer left, page by page. */
    private Future<Round> sweep(UUID writer, String after, Instant now) {
        return store.list(writer + "/", after, PAGE).compose(page -> {
            if (page.isEmpty()) {
                return Future.succeededFuture(Round.NOTHING);
            }
            return settled(page.stream().map(ObjectStore.Entry::key).toList()).compose(settled -> {
                Future<Round> looked = Future.succeededFuture(Round.NOTHING);
                for (ObjectStore.Entry object : page) {
                    if (!settled.contains(object.key())) {
                        looked = looked.compose(
                                before -> look(writer, object, now).map(before::and));
                    }
                }
                return looked.compose(
                        round -> sweep(writer, page.getLast().key(), now).map(round::and));
            });
        });
    }

    /** Those of the objects that have rows and nothing that waits. */
    private Future<Set<String>> settled(List<String> keys) {
        return postgres.preparedQuery("""
                        select object_key from segment where object_key = any($1)
                        group by object_key having bool_and(waiting_since is null)""")
                .execute(Tuple.of(keys.toArray(String[]::new)))
                .map(rows -> {
                    Set<String> settled = new HashSet<>();
                    for (Row row : rows) {
                        settled.add(row.getString(0));
                    }
                    return settled;
                });
    }

    private Future<Round> look(UUID writer, ObjectStore.Entry object, Instant now) {
        boolean patient = object.modifiedAt().plus(KEPT).isAfter(now);
        return adoption.adopt(writer, object, patient)
                .compose(outcome -> outcome.rows() || outcome.waiting()
                        ? Future.succeededFuture(new Round(0, outcome.stored(), outcome.waiting() ? 1 : 0))
                        : store.move(object.key(), LOST + object.key()).map(new Round(1, 0, 0)))
                .recover(cause -> cause instanceof StoreException.Missing
                        ? Future.succeededFuture(Round.NOTHING) // another collector was first
                        : Future.failedFuture(cause));
    }

    private Future<Void> removeOld(Instant now, String after) {
        return store.list(LOST, after, PAGE).compose(page -> {
            if (page.isEmpty()) {
                return Future.succeededFuture();
            }
            Future<Void> removed = Future.succeededFuture();
            for (ObjectStore.Entry object : page) {
                if (object.modifiedAt().plus(KEPT).isBefore(now)) {
                    removed = removed.compose(done -> store.delete(object.key()));
                }
            }
            return removed.compose(done -> removeOld(now, page.getLast().key()));
        });
    }
}
