package dev.gatehouse.shared.people;

import dev.gatehouse.shared.audit.Audit;
import dev.gatehouse.shared.people.PeopleException.Reason;
import dev.gatehouse.shared.trust.Topic;
import dev.gatehouse.shared.trust.Topics;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Who may sign in: the rows of {@code person}, made and changed by administrators. Refusals are {@link PeopleException}. Each change has its audit row and moves {@link Topic#PEOPLE} in the same transaction; whoever wants
 * others to notice before their next poll calls {@link Topics#hasten}. Thread-safe.
 */
public final class People {

    /** Roles of one person. */
    static final int MAX_ROLES = 64;

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
                                        UUID.randomUUID(), name, hash, new String[] {PersonRole.ADMINISTRATOR.word()})))
                        .compose(rows -> rows.rowCount() == 0
                                ? Future.succeededFuture(false)
                                : audit.record(
                                                transaction,
                                                Audit.Entry.done("node", "", "person.create", name)
                                                        .with("first", true))
                                        .compose(recorded -> Topics.bump(transaction, Topic.PEOPLE))
                                        .map(true))));
    }

    /** @param roles names of roles that are there */
    public Future<Person> create(String name, String password, Set<String> roles, String actor, String remote) {
        return checked(name)
                .compose(good -> passwords.hash(password))
                .compose(hash -> postgres.withTransaction(transaction -> known(transaction, roles)
                        .compose(known -> transaction
                                .preparedQuery("insert into person (id, name, password_hash, roles)"
                                        + " values ($1, $2, $3, $4) returning " + COLUMNS)
                                .execute(Tuple.of(UUID.randomUUID(), name, hash, sorted(roles))))
                        .compose(rows -> audit.record(
                                        transaction,
                                        Audit.Entry.done(actor, remote, "person.create", name)
                                                .with("roles", String.join(",", sorted(roles))))
                                .compose(recorded -> Topics.bump(transaction, Topic.PEOPLE))
                                .map(Person.of(rows.iterator().next())))))
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
                    rows.forEach(row -> people.add(Person.of(row)));
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
                                        + " blocked_until = null, version = version + 1"
                                        + " where name = $1 and source = 'local'")
                                .execute(Tuple.of(name, hash))
                                .map(rows -> rows.rowCount() == 1)
                                .compose(found -> endSignIns(transaction, name).map(found))));
    }

    /** Sign-ins go on, with these roles from now on. The last administrator stays one. */
    public Future<Void> setRoles(String name, Set<String> roles, String actor, String remote) {
        return changeKeepingAnAdministrator(
                name,
                Audit.Entry.done(actor, remote, "person.roles", name).with("roles", String.join(",", sorted(roles))),
                transaction -> known(transaction, roles)
                        .compose(known -> transaction
                                .preparedQuery("update person set roles = $2, version = version + 1 where name = $1")
                                .execute(Tuple.tuple().addString(name).addArrayOfString(sorted(roles))))
                        .map(rows -> rows.rowCount() == 1));
    }

    /** Also ends all sign-ins of the person, and its tunnels. The last administrator cannot be disabled. */
    public Future<Void> disable(String name, String actor, String remote) {
        return changeKeepingAnAdministrator(
                name,
                Audit.Entry.done(actor, remote, "person.disable", name),
                transaction -> transaction
                        .preparedQuery("update person set state = 'disabled', version = version + 1 where name = $1")
                        .execute(Tuple.of(name))
                        .map(rows -> rows.rowCount() == 1)
                        .compose(found -> endSignIns(transaction, name).map(found)));
    }

    /** Also ends a block after wrong passwords. */
    public Future<Void> enable(String name, String actor, String remote) {
        return change(
                name,
                Audit.Entry.done(actor, remote, "person.enable", name),
                transaction -> transaction
                        .preparedQuery("update person set state = 'active', failed_attempts = 0, blocked_until = null,"
                                + " version = version + 1 where name = $1")
                        .execute(Tuple.of(name))
                        .map(rows -> rows.rowCount() == 1));
    }

    /** With all sign-ins. The last administrator cannot be removed. */
    public Future<Void> remove(String name, String actor, String remote) {
        return changeKeepingAnAdministrator(
                name,
                Audit.Entry.done(actor, remote, "person.remove", name),
                transaction -> transaction
                        .preparedQuery("delete from person where name = $1")
                        .execute(Tuple.of(name))
                        .map(rows -> rows.rowCount() == 1));
    }

    /** One at a time, so that two cannot each leave the other as the last one. */
    private Future<Void> changeKeepingAnAdministrator(
            String name, Audit.Entry entry, Function<SqlConnection, Future<Boolean>> statement) {
        return change(
                name,
                entry,
                transaction -> transaction
                        .query("lock table person in share row exclusive mode")
                        .execute()
                        .compose(locked -> statement.apply(transaction))
                        .compose(found -> transaction
                                .query(
                                        "select 1 from person where state = 'active' and 'administrator' = any (roles) limit 1")
                                .execute()
                                .map(left -> {
                                    if (found && left.size() == 0) {
                                        throw new PeopleException(
                                                Reason.LAST_ADMINISTRATOR,
                                                "'" + name + "' is the last administrator who may sign in");
                                    }
                                    return found;
                                })));
    }

    /**
     * One change to one person with its audit row.
     *
     * @param statement whether there is such a person
     */
    private Future<Void> change(String name, Audit.Entry entry, Function<SqlConnection, Future<Boolean>> statement) {
        return postgres.withTransaction(transaction -> statement
                .apply(transaction)
                .compose(found -> found
                        ? audit.record(transaction, entry)
                        : Future.failedFuture(new PeopleException(
                                Reason.UNKNOWN_PERSON, "no person of this deployment has the name '" + name + "'")))
                .compose(recorded -> Topics.bump(transaction, Topic.PEOPLE)));
    }

    private static Future<Void> endSignIns(SqlConnection transaction, String name) {
        return transaction
                .preparedQuery("delete from sign_in using person where person.id = person_id and name = $1")
                .execute(Tuple.of(name))
                .mapEmpty();
    }

    /** All of the roles are there, and stay until the transaction ends. */
    private static Future<Void> known(SqlConnection transaction, Set<String> roles) {
        if (roles.size() > MAX_ROLES) {
            return Future.failedFuture(new PeopleException(
                    Reason.BAD_REQUEST, roles.size() + " roles; at most " + MAX_ROLES + " are allowed"));
        }
        return transaction
                .preparedQuery("select name from role where name = any ($1) order by name for share")
                .execute(Tuple.tuple().addArrayOfString(sorted(roles)))
                .map(rows -> {
                    Set<String> missing = new TreeSet<>(roles);
                    rows.forEach(row -> missing.remove(row.getString(0)));
                    if (!missing.isEmpty()) {
                        throw new PeopleException(
                                Reason.BAD_REQUEST, "roles that are not there: " + String.join(", ", missing));
                    }
                    return null;
                });
    }

    static Future<Void> checked(String name) {
        return NAME.matcher(name).matches()
                ? Future.succeededFuture()
                : Future.failedFuture(new PeopleException(
                        Reason.BAD_REQUEST,
                        "name of " + name.length() + " characters is not allowed; 1 to 63 of A-Z a-z 0-9 . _ @ + - are,"
                                + " the first a letter or digit"));
    }

    private static String[] sorted(Set<String> roles) {
        return roles.stream().sorted().toArray(String[]::new);
    }
}
