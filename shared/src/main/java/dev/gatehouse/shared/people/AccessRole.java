package dev.gatehouse.shared.people;

import dev.gatehouse.protocol.label.Selector;
import io.vertx.sqlclient.Row;
import java.util.List;

/**
 * What whoever has the role may reach: resources that one of {@code allow} selects, and none that one of {@code deny} does.
 *
 * @param builtIn always there and never changed
 */
public record AccessRole(String name, List<Selector> allow, List<Selector> deny, boolean builtIn) {

    /** Of a row of {@code role}. */
    public static AccessRole of(Row row) {
        return new AccessRole(
                row.getString("name"),
                SelectorJson.stored(row.getJsonArray("allow")),
                SelectorJson.stored(row.getJsonArray("deny")),
                row.getBoolean("built_in"));
    }
}
