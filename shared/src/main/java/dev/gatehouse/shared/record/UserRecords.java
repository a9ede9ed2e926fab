package dev.gatehouse.shared.record;

import dev.gatehouse.shared.people.AccessRole;
import dev.gatehouse.shared.people.Person;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import java.util.Optional;

/** Reads people and roles. Thread-safe. */
public final class UserRecords {

    private static final String PEOPLE = "select id, name, roles, state, source, created_at from person";
    private static final String ROLES = "select name, allow, deny, built_in from role";

    /** @param role which they have */
    public record Filter(Optional<String> name, Optional<Boolean> disabled, Optional<String> role) {}

    private final SqlClient postgres;

    public UserRecords(SqlClient postgres) {
        this.postgres = postgres;
    }

    /**
     * By name.
     *
     * @param after where the page before ended
     */
    public Future<Page<Person>> list(Filter filter, Optional<String> after, int limit) {
        return new Select(PEOPLE)
                .whereGiven("strpos(lower(name), lower(?)) > 0", filter.name())
                .whereGiven("(state <> 'active') = ?", filter.disabled())
                .whereGiven("? = any (roles)", filter.role())
                .whereGiven("name > ?", after)
                .then("order by name")
                .page(postgres, limit, Person::of);
    }

    public Future<Optional<Person>> get(String name) {
        return new Select(PEOPLE).where("name = ?", name).one(postgres, Person::of);
    }

    /**
     * By name.
     *
     * @param after where the page before ended
     */
    public Future<Page<AccessRole>> roles(Optional<String> after, int limit) {
        return new Select(ROLES)
                .whereGiven("name > ?", after)
                .then("order by name")
                .page(postgres, limit, AccessRole::of);
    }

    public Future<Optional<AccessRole>> role(String name) {
        return new Select(ROLES).where("name = ?", name).one(postgres, AccessRole::of);
    }
}
