package dev.gatehouse.shared.record;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;
import java.util.function.Function;

/** A select put together from conditions that are there or not. Values are always parameters, never text of the statement. Confined to one thread. */
final class Select {

    private final StringBuilder sql;
    private final Tuple values = Tuple.tuple();
    private String joint = " where ";

    /**
     * @param head up to and including {@code from}, without {@code where}
     */
    Select(String head) {
        this.sql = new StringBuilder(head);
    }

    /** Adds a condition; each {@code ?} in it stands for the next of the values. */
    Select where(String condition, Object... parameters) {
        sql.append(joint);
        joint = " and ";
        int next = 0;
        for (int i = 0; i < condition.length(); i++) {
            char c = condition.charAt(i);
            if (c == '?') {
                values.addValue(parameters[next++]);
                sql.append('$').append(values.size());
            } else {
                sql.append(c);
            }
        }
        return this;
    }

    /** Adds the condition, with one {@code ?}, if there is a value for it. */
    Select whereGiven(String condition, Optional<?> value) {
        return value.isPresent() ? where(condition, value.get()) : this;
    }

    Select then(String tail) {
        sql.append(' ').append(tail);
        return this;
    }

    <T> Future<Page<T>> page(SqlClient postgres, int limit, Function<Row, T> reader) {
        int bounded = Math.min(limit, Page.MAX);
        sql.append(" limit ").append(bounded + 1);
        return postgres.preparedQuery(sql.toString()).execute(values).map(rows -> Page.of(rows, bounded, reader));
    }

    <T> Future<Optional<T>> one(SqlClient postgres, Function<Row, T> reader) {
        return postgres.preparedQuery(sql.toString())
                .execute(values)
                .map(rows -> rows.size() == 0
                        ? Optional.<T>empty()
                        : Optional.of(reader.apply(rows.iterator().next())));
    }
}
