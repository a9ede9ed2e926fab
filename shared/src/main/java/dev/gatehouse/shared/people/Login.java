package dev.gatehouse.shared.people;

import dev.gatehouse.shared.audit.Audit;
import dev.gatehouse.shared.people.PeopleException.Reason;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.OffsetDateTime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks a name and a password. Wrong passwords are counted in the database, for all processes together: from the fifth in a row on the person is blocked, each time twice as long, at most a quarter of an hour.
 *
 * <p>Each login is in the audit, also the refused ones; those of a person who is blocked are not, or anyone could fill it. Refusals are {@link PeopleException}. Thread-safe.
 */
public final class Login {

    /** Wrong passwords in a row that block nobody. */
    static final int FREE_ATTEMPTS = 4;

    static final Duration MAX_BLOCK = Duration.ofMinutes(15);

    private static final Logger log = LoggerFactory.getLogger(Login.class);
    private static final int MAX_NAME = 128;

    private final Pool postgres;
    private final Passwords passwords;
    private final Audit audit;

    public Login(Pool postgres, Passwords passwords, Audit audit) {
        this.postgres = postgres;
        this.passwords = passwords;
        this.audit = audit;
    }

    /** The person, if they may sign in. */
    public Future<Person> check(String name, String password, String remote) {
        if (name.length() > MAX_NAME || name.indexOf('\0') >= 0) {
            return Future.failedFuture(wrong());
        }
        return postgres.preparedQuery("select " + People.COLUMNS + ", password_hash, blocked_until,"
                        + " extract(epoch from blocked_until - clock_timestamp())::float8 as blocked_seconds"
                        + " from person where name = $1")
                .execute(Tuple.of(name))
                .compose(rows -> {
                    if (rows.size() == 0) {
                        return passwords
                                .check(password, null)
                                .compose(never -> refuse(name, remote, wrong(), "unknown name"));
                    }
                    Row row = rows.iterator().next();
                    Double seconds = row.getDouble("blocked_seconds");
                    if (seconds != null && seconds > 0) {
                        log.info("Login of {} from {} while blocked", name, remote);
                        return Future.failedFuture(blocked(seconds));
                    }
                    return passwords
                            .check(password, row.getString("password_hash"))
                            .compose(right -> right ? passed(row, remote) : failed(row, remote));
                });
    }

    /** Right, unless another attempt that ran at the same time has led to a block: guessing in parallel must gain nothing. */
    private Future<Person> passed(Row row, String remote) {
        Person person = Person.of(row);
        if (person.disabled()) {
            return refuse(
                    person.name(),
                    remote,
                    new PeopleException(Reason.DISABLED, "disabled by an administrator"),
                    "disabled");
        }
        return postgres.withTransaction(transaction -> transaction
                .preparedQuery("update person set failed_attempts = 0, blocked_until = null"
                        + " where id = $1 and (blocked_until is null or blocked_until <= clock_timestamp())")
                .execute(Tuple.of(person.id()))
                .compose(rows -> rows.rowCount() == 0
                        ? Future.failedFuture(blocked(1))
                        : audit.record(transaction, Audit.Entry.done(person.name(), remote, "login", person.name()))
                                .map(person)));
    }

    private Future<Person> failed(Row row, String remote) {
        return postgres.preparedQuery("update person set failed_attempts = failed_attempts + 1,"
                        + " blocked_until = case when failed_attempts >= $2 then clock_timestamp()"
                        + " + least($3, power(2, least(failed_attempts - $2, 20))) * interval '1 second' end"
                        + " where id = $1 returning failed_attempts, blocked_until")
                .execute(Tuple.of(row.getUUID("id"), FREE_ATTEMPTS, (double) MAX_BLOCK.toSeconds()))
                .compose(rows -> {
                    Row counted = rows.iterator().next();
                    OffsetDateTime until = counted.getOffsetDateTime(1);
                    String why = "wrong password, " + counted.getInteger(0) + " in a row"
                            + (until == null ? "" : ", blocked until " + until);
                    return refuse(row.getString("name"), remote, wrong(), why);
                });
    }

    private <T> Future<T> refuse(String name, String remote, PeopleException refusal, String why) {
        log.info("Refused login of {} from {}: {}", name, remote, why);
        return audit.record(
                        postgres, Audit.Entry.done(name, remote, "login", name).refused(why))
                .transform(recorded -> Future.failedFuture(recorded.succeeded() ? refusal : recorded.cause()));
    }

    private static PeopleException wrong() {
        return new PeopleException(Reason.WRONG_PASSWORD, "user name or password is wrong");
    }

    private static PeopleException blocked(double seconds) {
        Duration wait = Duration.ofSeconds((long) Math.ceil(seconds));
        return new PeopleException(
                Reason.BLOCKED, "too many wrong passwords; try again in " + wait.toSeconds() + " s", wait);
    }
}
