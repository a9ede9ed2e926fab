package dev.gatehouse.shared.people;

import dev.gatehouse.shared.audit.Audit;
import dev.gatehouse.shared.people.PeopleException.Reason;
import dev.gatehouse.shared.trust.Topic;
import dev.gatehouse.shared.trust.Topics;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/** The rows of {@code access_lock}, made and removed by administrators; those that have expired go with the next change. Refusals are {@link PeopleException}; each change has its audit row and moves {@link Topic#LOCKS}. Thread-safe. */
public final class Locks {

    /** That hold at once. */
    static final int MOST = 10_000;

    private static final String INSERT = "insert into access_lock (id, person, session, reason, created_by, expires_at)"
            + " select $1, $2, $3, $4, $5, clock_timestamp() + $6::float8 * interval '1 second'"
            + " where (select count(*) from access_lock) < $7 returning *";

    private final Pool postgres;
    private final Audit audit;

    public Locks(Pool postgres, Audit audit) {
        this.postgres = postgres;
        this.audit = audit;
    }

    /** @param time after which it ends by itself */
    public Future<AccessLock> lockUser(
            String user, String reason, Optional<Duration> time, String actor, String remote) {
        return postgres.withTransaction(transaction -> transaction
                .preparedQuery("select 1 from person where name = $1 for share")
                .execute(Tuple.of(user))
                .compose(rows -> rows.size() == 1
                        ? insert(
                                transaction,
                                Tuple.of(UUID.randomUUID(), user, null, reason, actor, seconds(time), MOST),
                                entry(actor, remote, "user " + user, reason))
                        : Future.failedFuture(new PeopleException(
                                Reason.UNKNOWN_PERSON, "no person of this deployment has the name '" + user + "'"))));
    }

    /** Whether there is such a session is not asked: its record may be on its way. */
    public Future<AccessLock> lockSession(
            UUID session, String reason, Optional<Duration> time, String actor, String remote) {
        return postgres.withTransaction(transaction -> insert(
                transaction,
                Tuple.of(UUID.randomUUID(), null, session, reason, actor, seconds(time), MOST),
                entry(actor, remote, "session " + session, reason)));
    }

    public Future<Void> remove(UUID id, String actor, String remote) {
        return postgres.withTransaction(transaction -> transaction
                .preparedQuery("delete from access_lock where id = $1 returning person, session")
                .execute(Tuple.of(id))
                .compose(rows -> {
                    if (rows.size() == 0) {
                        return Future.failedFuture(
                                new PeopleException(Reason.UNKNOWN_LOCK, "no lock has the id " + id));
                    }
                    Row row = rows.iterator().next();
                    String target = row.getString(0) == null ? "session " + row.getUUID(1) : "user " + row.getString(0);
                    return audit.record(transaction, Audit.Entry.done(actor, remote, "lock.remove", target));
                })
                .compose(recorded -> Topics.bump(transaction, Topic.LOCKS)));
    }

    private Future<AccessLock> insert(SqlConnection transaction, Tuple values, Audit.Entry entry) {
        return transaction
                .query("delete from access_lock where expires_at < clock_timestamp()")
                .execute()
                .compose(gone -> transaction.preparedQuery(INSERT).execute(values))
                .compose(rows -> rows.size() == 1
                        ? audit.record(transaction, entry)
                                .compose(recorded -> Topics.bump(transaction, Topic.LOCKS))
                                .map(AccessLock.of(rows.iterator().next()))
                        : Future.failedFuture(
                                new PeopleException(Reason.BAD_REQUEST, MOST + " locks hold; no more are allowed")));
    }

    private static Audit.Entry entry(String actor, String remote, String target, String reason) {
        return Audit.Entry.done(actor, remote, "lock.create", target).with("reason", reason);
    }

    private static Double seconds(Optional<Duration> time) {
        return time.map(span -> span.toMillis() / 1000.0).orElse(null);
    }
}
