package dev.gatehouse.shared.people;

import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Somebody who may sign in.
 *
 * @param roles names, of {@link PersonRole} and of {@link AccessRole}
 * @param disabled by an administrator, until one enables
 * @param source {@code local}, or the directory that knows the password
 */
public record Person(UUID id, String name, Set<String> roles, boolean disabled, String source, Instant createdAt) {

    /** Of a row with {@code id, name, roles, state, source, created_at}. */
    public static Person of(Row row) {
        return new Person(
                row.getUUID("id"),
                row.getString("name"),
                roles(row.getArrayOfStrings("roles")),
                !row.getString("state").equals("active"),
                row.getString("source"),
                row.getOffsetDateTime("created_at").toInstant());
    }

    static Set<String> roles(String[] words) {
        return new TreeSet<>(Set.of(words));
    }
}
