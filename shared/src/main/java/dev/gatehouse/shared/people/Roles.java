package dev.gatehouse.shared.people;

import dev.gatehouse.protocol.label.Selector;
import dev.gatehouse.shared.audit.Audit;
import dev.gatehouse.shared.people.PeopleException.Reason;
import dev.gatehouse.shared.trust.Topic;
import dev.gatehouse.shared.trust.Topics;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;

/** The rows of {@code role}, made and changed by administrators. Refusals are {@link PeopleException}; each change has its audit row and moves {@link Topic#PEOPLE}. Thread-safe. */
public final class Roles {

    /** Of a deployment. */
    static final int MOST = 1000;

    /** Selectors of one list of one role. */
    static final int MAX_SELECTORS = 64;

    private final Pool postgres;
    private final Audit audit;

    public Roles(Pool postgres, Audit audit) {
        this.postgres = postgres;
        this.audit = audit;
    }

    public Future<AccessRole> create(
            String name, List<Selector> allow, List<Selector> deny, String actor, String remote) {
        JsonArray allowed = SelectorJson.write(allow);
        JsonArray denied = SelectorJson.write(deny);
        return People.checked(name)
                .compose(good -> bounded("allow", allow))
                .compose(good -> bounded("deny", deny))
                .compose(good -> postgres.withTransaction(transaction -> transaction
                        .preparedQuery("insert into role (name, allow, deny) select $1, $2, $3"
                                + " where (select count(*) from role) < $4 on conflict do nothing")
                        .execute(Tuple.of(name, allowed, denied, MOST))
                        .compose(rows -> rows.rowCount() == 1
                                ? changed(transaction, entry(actor, remote, "role.create", name, allowed, denied))
                                : refused(transaction, name))))
                .map(done -> new AccessRole(name, allow, deny, false));
    }

    private static Future<Void> refused(SqlConnection transaction, String name) {
        return transaction
                .preparedQuery("select 1 from role where name = $1")
                .execute(Tuple.of(name))
                .compose(rows -> Future.failedFuture(
                        rows.size() == 1
                                ? new PeopleException(Reason.NAME_TAKEN, "role '" + name + "' is there")
                                : new PeopleException(Reason.BAD_REQUEST, "at most " + MOST + " roles are allowed")));
    }

    /** Replaces what the role says. */
    public Future<AccessRole> set(String name, List<Selector> allow, List<Selector> deny, String actor, String remote) {
        JsonArray allowed = SelectorJson.write(allow);
        JsonArray denied = SelectorJson.write(deny);
        return bounded("allow", allow)
                .compose(good -> bounded("deny", deny))
                .compose(good -> postgres.withTransaction(transaction -> changeable(transaction, name)
                        .compose(there -> transaction
                                .preparedQuery("update role set allow = $2, deny = $3, changed_at = clock_timestamp()"
                                        + " where name = $1")
                                .execute(Tuple.of(name, allowed, denied)))
                        .compose(
                                done -> changed(transaction, entry(actor, remote, "role.set", name, allowed, denied)))))
                .map(done -> new AccessRole(name, allow, deny, false));
    }

    /** Nobody may have it any more. */
    public Future<Void> remove(String name, String actor, String remote) {
        return postgres.withTransaction(transaction -> changeable(transaction, name)
                .compose(there -> transaction
                        .preparedQuery("select count(*), min(name) from person where $1 = any (roles)")
                        .execute(Tuple.of(name)))
                .compose(rows -> {
                    long users = rows.iterator().next().getLong(0);
                    return users == 0
                            ? transaction
                                    .preparedQuery("delete from role where name = $1")
                                    .execute(Tuple.of(name))
                            : Future.failedFuture(new PeopleException(
                                    Reason.ROLE_IN_USE,
                                    "role '" + name + "' is had by " + users + " users, such as '"
                                            + rows.iterator().next().getString(1) + "'"));
                })
                .compose(done -> changed(transaction, Audit.Entry.done(actor, remote, "role.remove", name))));
    }

    private static Future<Void> bounded(String field, List<Selector> selectors) {
        return selectors.size() <= MAX_SELECTORS
                ? Future.succeededFuture()
                : Future.failedFuture(new PeopleException(
                        Reason.BAD_REQUEST,
                        field + " has " + selectors.size() + " selectors; at most " + MAX_SELECTORS + " are allowed"));
    }

    /** Holds the row: nobody gets the role meanwhile. */
    private static Future<Void> changeable(SqlConnection transaction, String name) {
        return transaction
                .preparedQuery("select built_in from role where name = $1 for update")
                .execute(Tuple.of(name))
                .compose(rows -> {
                    if (rows.size() == 0) {
                        return Future.failedFuture(
                                new PeopleException(Reason.UNKNOWN_ROLE, "no role has the name '" + name + "'"));
                    }
                    return rows.iterator().next().getBoolean(0)
                            ? Future.failedFuture(new PeopleException(
                                    Reason.ROLE_IN_USE, "role '" + name + "' is built in and stays as it is"))
                            : Future.succeededFuture();
                });
    }

    private Future<Void> changed(SqlConnection transaction, Audit.Entry entry) {
        return audit.record(transaction, entry).compose(recorded -> Topics.bump(transaction, Topic.PEOPLE));
    }

    private static Audit.Entry entry(
            String actor, String remote, String action, String name, JsonArray allow, JsonArray deny) {
        return Audit.Entry.done(actor, remote, action, name)
                .with("allow", allow)
                .with("deny", deny);
    }
}
