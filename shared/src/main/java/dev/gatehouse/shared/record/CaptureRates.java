package dev.gatehouse.shared.record;

import static java.time.ZoneOffset.UTC;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Reads how much became durable in each second. Thread-safe. */
public final class CaptureRates {

    /**
     * @param at begin of the second
     *
     * @param bytes stored
     */
    public record Second(Instant at, long bytes, long chunks) {}

    private final SqlClient postgres;

    public CaptureRates(SqlClient postgres) {
        this.postgres = postgres;
    }

    /** Seconds in {@code [from, to)} in which anything was committed, oldest first. */
    public Future<List<Second>> between(Instant from, Instant to) {
        return postgres.preparedQuery("""
                select date_trunc('second', committed_at) as at, sum(length)::bigint as bytes, sum(blocks)::bigint as chunks
                from segment where committed_at >= $1 and committed_at < $2 group by 1 order by 1""")
                .execute(Tuple.of(from.atOffset(UTC), to.atOffset(UTC)))
                .map(rows -> {
                    List<Second> seconds = new ArrayList<>(rows.size());
                    rows.forEach(row -> seconds.add(new Second(
                            row.getOffsetDateTime("at").toInstant(), row.getLong("bytes"), row.getLong("chunks"))));
                    return seconds;
                });
    }
}
