package dev.gatehouse.background.lease;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;

/** The lease in PostgreSQL: the only place with its SQL. Every time in it is the database's {@code clock_timestamp()}. Thread-safe. */
final class LeaseRow {

    // Renews for the holder, takes for anyone once the lease has expired, else only tells. A takeover changes the
    // epoch's row
    // and so waits for the writes that hold it FOR SHARE under the epoch before.
    private static final String CONTEND = """
            with renewed as (
                update master_lease set expires_at = clock_timestamp() + $2 * interval '1 millisecond'
                where holder = $1 and expires_at > clock_timestamp()
                returning holder, expires_at
            ), taken as (
                update master_lease set holder = $1, expires_at = clock_timestamp() + $2 * interval '1 millisecond'
                where expires_at <= clock_timestamp()
                returning holder, expires_at
            ), advanced as (
                update master_epoch set epoch = epoch + 1 where exists (select from taken) returning epoch
            ), lease as (
                select holder, expires_at from renewed
                union all select holder, expires_at from taken
                union all select holder, expires_at from master_lease
                    where not exists (select from renewed) and not exists (select from taken)
            )
            select holder,
                   coalesce((select epoch from advanced), (select epoch from master_epoch)) as epoch,
                   extract(epoch from expires_at - clock_timestamp())::float8 * 1000 as remaining
            from lease
            """;

    private static final String RESIGN =
            "update master_lease set expires_at = clock_timestamp() where holder = $1 and expires_at > clock_timestamp()";

    private final Pool postgres;

    LeaseRow(Pool postgres) {
        this.postgres = postgres;
    }

    /** Asks for the lease. The answer names whoever holds it now; its remaining time is not positive when it has just expired. */
    Future<MasterLease.Answer> contend(String self) {
        return postgres.preparedQuery(CONTEND)
                .execute(Tuple.of(self, (double) MasterLease.TTL.toMillis()))
                .map(rows -> answer(rows.iterator().next()));
    }

    /** Lets the next master begin at once. */
    Future<Void> resign(String self) {
        return postgres.preparedQuery(RESIGN).execute(Tuple.of(self)).mapEmpty();
    }

    private static MasterLease.Answer answer(Row row) {
        return new MasterLease.Answer(
                row.getString("holder"),
                row.getLong("epoch"),
                Duration.ofMillis(row.getDouble("remaining").longValue()));
    }
}
