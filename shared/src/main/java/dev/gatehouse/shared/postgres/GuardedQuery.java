package dev.gatehouse.shared.postgres;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Query;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlResult;
import java.util.function.Function;
import java.util.stream.Collector;

/** A query of a {@link GuardedPool}, made on whatever connections it has when it is executed. */
record GuardedQuery<T>(GuardedPool guard, Function<Pool, Query<T>> make) implements Query<T> {

    @Override
    public Future<T> execute() {
        return guard.statement(pool -> make.apply(pool).execute());
    }

    @Override
    public <R> Query<SqlResult<R>> collecting(Collector<Row, ?, R> collector) {
        return new GuardedQuery<>(guard, pool -> make.apply(pool).collecting(collector));
    }

    @Override
    public <U> Query<RowSet<U>> mapping(Function<Row, U> mapper) {
        return new GuardedQuery<>(guard, pool -> make.apply(pool).mapping(mapper));
    }
}
