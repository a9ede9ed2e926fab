package dev.gatehouse.ingest.commit;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlClient;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates a table's partitions ahead of time. Rows for which there is none land in the table's default partition, so a failure here costs speed, never data.
 *
 * <p>Workers that do it at the same time wait for each other (advisory lock). A partition is attached rather than created in place: that does not stop inserts meanwhile. Thread-safe.
 */
public final class TimePartitions {

    private static final Logger log = LoggerFactory.getLogger(TimePartitions.class);

    /** How often to look whether the next ones are there. */
    public static final Duration PERIOD = Duration.ofMinutes(10);

    /** Any number that nothing else locks by. */
    private static final long LOCK = 0x6761_7465_0001L;

    private final Pool postgres;
    private final String table;
    private final String column;
    private final Duration width;
    private final DateTimeFormatter suffix;

    private TimePartitions(Pool postgres, String table, String column, Duration width, String suffix) {
        this.postgres = postgres;
        this.table = table;
        this.column = column;
        this.width = width;
        this.suffix = DateTimeFormatter.ofPattern(suffix).withZone(ZoneOffset.UTC);
    }

    /** Of {@code chunk}: by the hour of the commit. */
    public static TimePartitions ofChunks(Pool postgres) {
        return new TimePartitions(postgres, "chunk", "committed_at", Duration.ofHours(1), "yyyyMMddHH");
    }

    /** Of {@code event}: by the day of the event's own time. */
    public static TimePartitions ofEvents(Pool postgres) {
        return new TimePartitions(postgres, "event", "time", Duration.ofDays(1), "yyyyMMdd");
    }

    /** Creates those that are missing, from {@code before} widths before now until {@code after} widths after. */
    public Future<Void> create(Instant now, int before, int after) {
        Instant current = Instant.ofEpochSecond(now.getEpochSecond() / width.toSeconds() * width.toSeconds());
        List<Instant> starts = new ArrayList<>();
        for (int i = -before; i <= after; i++) {
            starts.add(current.plus(width.multipliedBy(i)));
        }
        Future<Void> done = Future.succeededFuture();
        for (Instant start : starts) {
            done = done.compose(previous -> createOne(start));
        }
        return done;
    }

    private Future<Void> createOne(Instant start) {
        String name = table + "_" + suffix.format(start);
        return postgres.withTransaction(transaction -> run(transaction, "select pg_advisory_xact_lock(" + LOCK + ")")
                        .compose(locked -> transaction
                                .query("select to_regclass('" + name + "') is not null")
                                .execute())
                        .compose(rows -> rows.iterator().next().getBoolean(0)
                                ? Future.<Void>succeededFuture()
                                : create(transaction, name, start, start.plus(width))))
                .recover(cause -> {
                    log.warn("Partition {} not created; its rows go to {}_rest", name, table, cause);
                    return Future.succeededFuture();
                });
    }

    /** Rows of its time that came before the partition did are taken over, or it could not be attached. */
    private Future<Void> create(SqlClient transaction, String name, Instant from, Instant to) {
        String rest = table + "_rest";
        return run(transaction, "create table " + name + " (like " + table + " including all)")
                .compose(created -> run(transaction, "lock table " + rest + " in share row exclusive mode"))
                .compose(locked -> run(
                        transaction,
                        "with early as (delete from " + rest + " where " + column + " >= '" + from + "' and " + column
                                + " < '" + to + "' returning *) insert into " + name + " select * from early"))
                .compose(moved -> run(
                        transaction,
                        "alter table " + table + " attach partition " + name + " for values from ('" + from + "') to ('"
                                + to + "')"));
    }

    private static Future<Void> run(SqlClient connection, String sql) {
        return connection.query(sql).execute().mapEmpty();
    }
}
