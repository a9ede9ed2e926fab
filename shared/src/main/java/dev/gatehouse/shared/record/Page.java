package dev.gatehouse.shared.record;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * One page of a list.
 *
 * @param more whether the next page has anything; it begins after the last item of this one
 */
public record Page<T>(List<T> items, boolean more) {

    /** Longest page that any list gives. */
    public static final int MAX = 1000;

    /** The page out of an answer to a query that asked for one row more than {@code limit}. */
    static <T> Page<T> of(RowSet<Row> rows, int limit, Function<Row, T> reader) {
        List<T> items = new ArrayList<>(Math.min(limit, rows.size()));
        for (Row row : rows) {
            if (items.size() == limit) {
                return new Page<>(List.copyOf(items), true);
            }
            items.add(reader.apply(row));
        }
        return new Page<>(List.copyOf(items), false);
    }

    public T last() {
        return items.getLast();
    }
}
