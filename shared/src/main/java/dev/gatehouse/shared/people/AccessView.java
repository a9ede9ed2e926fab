package dev.gatehouse.shared.people;

import dev.gatehouse.shared.people.AccessRights.Held;
import dev.gatehouse.shared.people.AccessRights.Known;
import dev.gatehouse.shared.trust.Topic;
import dev.gatehouse.shared.trust.Topics;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * This process's copy of people, roles and locks, as the last poll of the {@link Topics} has seen them: loaded whole after each change. Thread-safe; asking costs a look-up in memory.
 *
 * <p>While the database is away the copy stays, and {@link #age()} says how old it is.
 */
public final class AccessView {

    private static final String LOCKS = "select coalesce(person, session::text) as target, reason,"
            + " (extract(epoch from expires_at - clock_timestamp()) * 1000)::float8 as millis"
            + " from access_lock where expires_at is null or expires_at > clock_timestamp()";

    /** Told when something has changed. @see #onChange */
    private final List<Consumer<Set<String>>> listeners = new CopyOnWriteArrayList<>();

    private final Topics topics;
    private final Pool postgres;
    private volatile AccessRights rights = AccessRights.NONE;
    private long asked; // with `peopleTaken` and `locksTaken`: confined to the context of the topics
    private long peopleTaken;
    private long locksTaken;

    private AccessView(Topics topics, Pool postgres) {
        this.topics = topics;
        this.postgres = postgres;
    }

    /** To be called before {@link Topics#start()}. */
    public static AccessView follow(Topics topics, Pool postgres) {
        AccessView view = new AccessView(topics, postgres);
        topics.onChange(Topic.PEOPLE, view::loadPeople);
        topics.onChange(Topic.LOCKS, view::loadLocks);
        return view;
    }

    public AccessRights rights() {
        return rights;
    }

    /** Whether it has ever been loaded. */
    public boolean known() {
        return topics.current();
    }

    public Duration age() {
        return topics.age();
    }

    /** Told after each change which people are others than before: empty if it is roles or locks. On the context of the topics. */
    public void onChange(Consumer<Set<String>> listener) {
        listeners.add(listener);
    }

    private Future<Void> loadPeople() {
        long ticket = ++asked;
        Future<RowSet<Row>> people =
                postgres.query("select name, roles, state, version from person").execute();
        Future<RowSet<Row>> roles = postgres.query("select * from role").execute();
        return Future.all(people, roles).map(both -> {
            if (ticket > peopleTaken) { // a load that was given up may still answer, after a newer one
                peopleTaken = ticket;
                Map<String, Known> known = new HashMap<>();
                people.result()
                        .forEach(row -> known.put(
                                row.getString(0),
                                new Known(
                                        Person.roles(row.getArrayOfStrings(1)),
                                        !row.getString(2).equals("active"),
                                        row.getInteger(3))));
                Map<String, AccessRole> named = new HashMap<>();
                roles.result().forEach(row -> named.put(row.getString("name"), AccessRole.of(row)));
                take(new AccessRights(new AccessRules(named), known, rights.locks()));
            }
            return null;
        });
    }

    private Future<Void> loadLocks() {
        long ticket = ++asked;
        long askedAt = System.nanoTime();
        return postgres.query(LOCKS).execute().map(rows -> {
            if (ticket > locksTaken) {
                locksTaken = ticket;
                Map<String, List<Held>> locks = new HashMap<>();
                rows.forEach(row -> locks.computeIfAbsent(row.getString(0), target -> new ArrayList<>())
                        .add(new Held(row.getString(1), until(askedAt, row.getDouble(2)))));
                take(new AccessRights(rights.rules(), rights.people(), locks));
            }
            return null;
        });
    }

    private static OptionalLong until(long askedAt, Double millis) {
        return millis == null
                ? OptionalLong.empty()
                : OptionalLong.of(
                        askedAt + Duration.ofMillis(millis.longValue()).toNanos());
    }

    private void take(AccessRights next) {
        AccessRights before = rights;
        rights = next;
        Set<String> changed = new HashSet<>();
        before.people().forEach((name, known) -> {
            if (!known.equals(next.people().get(name))) {
                changed.add(name);
            }
        });
        listeners.forEach(listener -> listener.accept(changed));
    }
}
