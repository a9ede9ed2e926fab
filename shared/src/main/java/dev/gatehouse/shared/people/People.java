package dev.gatehouse.shared.people;

import dev.gatehouse.shared.audit.Audit;
import dev.gatehouse.shared.people.PeopleException.Reason;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Who may sign in: the rows of {@code person}, made and changed by administrators. Refusals are {@link PeopleException}. Thread-safe. */
public final class People {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@+-]{0,62}");
    private static final String UNIQUE_VIOLATION = "23505";
    static final String COLUMNS = "id, name, roles, state, source, created_at";

    private final Pool postgres;
    private final Passwords passwords;
    private final Audit audit;

    public People(Pool postgres, Passwords passwords, Audit audit) {
        this.postgres = postgres;
        this.passwords = passwords;
        this.audit = audit;
    }

    /**
     * Makes the first administrator if there is nobody yet; whether it was made. Of processes that do it at the same time one does.
     *
     * @param password from a file that its reader already can see ({@link Passwords#generate()}): after this it is too late to write it
     */
    public Future<Boolean> createFirst(String name, String password) {
        return checked(name)
                .compose(good -> passwords.hash(password))
                .compose(hash -> postgres.withTransaction(transaction -> transaction
                        .query("lock table person in share row exclusive mode")
                        .execute()
                        .compose(locked -> transaction
                                .preparedQuery("insert into person (id, name, password_hash, roles)"
                                        + " select $1, $2, $3, $4 where not exists (select from person)")
                                .execute(Tuple.of(
                                        UUID.randomUUID(), name, hash, words(Set.of(PersonRole.ADMINISTRATOR)))))
                        .compose(rows -> rows.rowCount() == 0
                                ? Future.succeededFuture(false)
                                : audit.record(
                                                transaction,
                                                Audit.Entry.done("node", "", "person.create", name)
                                                        .with("first", true))
                                        .map(true))));
    }

    public Future<Person> create(String name, String password, Set<PersonRole> roles, String actor, String remote) {
        return checked(name)
                .compose(good -> passwords.hash(password))
                .compose(hash -> postgres.withTransaction(transaction -> transaction
                        .preparedQuery("insert into person (id, name, password_hash, roles) values ($1, $2, $3, $4)"
                                + " returning " + COLUMNS)
                        .execute(Tuple.of(UUID.randomUUID(), name, hash, words(roles)))
                        .compose(rows -> audit.record(
                                        transaction,
                                        Audit.Entry.done(actor, remote, "person.create", name)
                                                .with("roles", String.join(",", words(roles))))
                                .map(person(rows.iterator().next())))))
                .recover(cause -> Future.failedFuture(
                        cause instanceof PgException refused && UNIQUE_VIOLATION.equals(refused.getSqlState())
                                ? new PeopleException(Reason.NAME_TAKEN, "name '" + name + "' is taken")
                                : cause));
    }

    /** By name. */
    public Future<List<Person>> list(int limit) {
        return postgres.preparedQuery("select " + COLUMNS + " from person order by name limit $1")
                .execute(Tuple.of(limit))
                .map(rows -> {
                    List<Person> people = new ArrayList<>();
                    rows.forEach(row -> people.add(person(row)));
                    return people;
                });
    }

    /** Also ends all sign-ins of the person, and a block after wrong passwords. */
    public Future<Void> setPassword(String name, String password, String actor, String remote) {
        return passwords
                .hash(password)
                .compose(hash -> change(
                        name,
                        Audit.Entry.done(actor, remote, "person.password", name),
                        transaction -> transaction
                                .preparedQuery("update person set password_hash = $2, failed_attempts = 0,"
                                        + " blocked_until = null where name = $1 and source = 'local' returning id")
                                .execute(Tuple.of(name, hash))
                                .map(rows -> rows.rowCount() == 1)));
    }

    /** Also ends all sign-ins of the person. The last administrator who is not locked cannot be. */
    public Future<Void> lock(String name, String actor, String remote) {
        return change(
                name,
                Audit.Entry.done(actor, remote, "person.lock", name),
                transaction -> transaction
                        .query("lock table person in share row exclusive mode")
                        .execute()
                        .compose(locked -> transaction
                                .preparedQuery("update person set state = 'locked' where name = $1 returning id")
                                .execute(Tuple.of(name)))
                        .compose(rows -> transaction
                                .query("select 1 from person where state = 'active' and 'administrator' = any (roles)"
                                        + " limit 1")
                                .execute()
                                .map(left -> {
                                    if (rows.rowCount() == 1 && left.size() == 0) {
                                        throw new PeopleException(
                                                Reason.LAST_ADMINISTRATOR,
                                                "'" + name + "' is the last administrator who is not locked");
                                    }
                                    return rows.rowCount() == 1;
                                })));
    }

    public Future<Void> unlock(String name, String actor, String remote) {
        return change(
                name,
                Audit.Entry.done(actor, remote, "person.unlock", name),
                transaction -> transaction
                        .preparedQuery("update person set state = 'active', failed_attempts = 0, blocked_until = null"
                                + " where name = $1 returning id")
                        .execute(Tuple.of(name))
                        .map(rows -> rows.rowCount() == 1));
    }

    /** One change to one person with its audit row; sign-ins made before it end. */
    private Future<Void> change(String name, Audit.Entry entry, Function<SqlConnection, Future<Boolean>> statement) {
        return postgres.withTransaction(transaction -> statement
                .apply(transaction)
                .compose(found -> found
                        ? audit.record(transaction, entry)
                        : Future.failedFuture(new PeopleException(
                                Reason.UNKNOWN_PERSON, "no person of this deployment has the name '" + name + "'")))
                .compose(recorded -> transaction
                        .preparedQuery("delete from sign_in using person where person.id = person_id and name = $1")
                        .execute(Tuple.of(name)))
                .mapEmpty());
    }

    private static Future<Void> checked(String name) {
        return NAME.matcher(name).matches()
                ? Future.succeededFuture()
                : Future.failedFuture(new PeopleException(
                        Reason.BAD_REQUEST,
                        "name of " + name.length() + " characters is not allowed; 1 to 63 of A-Z a-z 0-9 . _ @ + - are,"
                                + " the first a letter or digit"));
    }

    private static String[] words(Set<PersonRole> roles) {
        return roles.stream().map(PersonRole::word).sorted().toArray(String[]::new);
    }

    static Person person(Row row) {
        return new Person(
                row.getUUID("id"),
                row.getString("name"),
                roles(row.getArrayOfStrings("roles")),
                row.getString("state").equals("locked"),
                row.getString("source"),
                row.getOffsetDateTime("created_at").toInstant());
    }

    /** Words of a newer release that this one does not know give nothing. */
    static Set<PersonRole> roles(String[] words) {
        Set<PersonRole> roles = new TreeSet<>();
        for (String word : words) {
            PersonRole.of(word).ifPresent(roles::add);
        }
        return roles;
    }
}
