package dev.gatehouse.ingest.orphan;

import dev.gatehouse.shared.store.ObjectStore;
import dev.gatehouse.shared.store.StoreException;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Clears away objects whose rows were never written. First closes writers that are gone, so that their rows can never come; then moves what they left without a row aside, and removes it a month later.
 *
 * <p>Harmless when several run at once, or when one dies in between: closing, moving and removing can be repeated. Thread-safe.
 */
public final class OrphanCollector {

    private static final Logger log = LoggerFactory.getLogger(OrphanCollector.class);

    /** How often it runs on each worker; one at a time is enough, more do no harm. */
    public static final Duration PERIOD = Duration.ofMinutes(10);

    /** Where orphans lie until they are removed. */
    public static final String LOST = "lost+found/";

    /** For how long. */
    static final Duration KEPT = Duration.ofDays(30);

    /** Objects of one look at the store. */
    private static final int PAGE = 500;

    /** Writers of one round. */
    private static final int WRITERS = 100;

    private final Pool postgres;
    private final ObjectStore store;
    private final WriterRow writers;
    private final Duration gone;

    /** @param gone a writer not seen for so long is closed */
    public OrphanCollector(Pool postgres, ObjectStore store, Duration gone) {
        this.postgres = postgres;
        this.store = store;
        this.writers = new WriterRow(postgres);
        this.gone = gone;
    }

    /** One round; answers how many orphans were moved aside. */
    public Future<Integer> collect(Instant now) {
        return writers.closeGone(gone)
                .compose(closed -> writers.unswept(WRITERS))
                .compose(this::sweepAll)
                .compose(moved -> removeOld(now, "").map(moved))
                .onSuccess(moved -> {
                    if (moved > 0) {
                        log.warn("{} objects without rows moved to {}", moved, LOST);
                    }
                });
    }

    private Future<Integer> sweepAll(List<UUID> closed) {
        Future<Integer> moved = Future.succeededFuture(0);
        for (UUID writer : closed) {
            moved = moved.compose(before -> sweep(writer, "", before))
                    .compose(after -> writers.swept(writer).map(after));
        }
        return moved;
    }

    /** Moves aside what the closed writer left without a row, page by page. */
    private Future<Integer> sweep(UUID writer, String after, int movedBefore) {
        return store.list(writer + "/", after, PAGE).compose(page -> {
            if (page.isEmpty()) {
                return Future.succeededFuture(movedBefore);
            }
            List<String> keys = page.stream().map(ObjectStore.Entry::key).toList();
            return known(keys)
                    .compose(known -> moveAside(
                            keys.stream().filter(key -> !known.contains(key)).toList()))
                    .compose(moved -> sweep(writer, keys.getLast(), movedBefore + moved));
        });
    }

    private Future<Set<String>> known(List<String> keys) {
        return postgres.preparedQuery("select object_key from segment where object_key = any($1)")
                .execute(Tuple.of(keys.toArray(String[]::new)))
                .map(OrphanCollector::keys);
    }

    private static Set<String> keys(RowSet<Row> rows) {
        Set<String> keys = new HashSet<>();
        rows.forEach(row -> keys.add(row.getString(0)));
        return keys;
    }

    private Future<Integer> moveAside(List<String> orphans) {
        Future<Void> moved = Future.succeededFuture();
        for (String key : orphans) {
            moved = moved.compose(done -> store.move(key, LOST + key)
                    .recover(cause -> cause instanceof StoreException.Missing
                            ? Future.succeededFuture() // another collector was first
                            : Future.failedFuture(cause)));
        }
        return moved.map(orphans.size());
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
