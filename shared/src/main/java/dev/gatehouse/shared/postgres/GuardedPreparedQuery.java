package dev.gatehouse.shared.postgres;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PreparedQuery;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlResult;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collector;

/** A prepared query of a {@link GuardedPool}, made on whatever connections it has when it is executed. */
record GuardedPreparedQuery<T>(GuardedPool guard, Function<Pool, PreparedQuery<T>> make) implements PreparedQuery<T> {

    @Override
    public Future<T> execute() {
        return guard.statement(pool -> make.apply(pool).execute());
    }

    @Override
    public Future<T> execute(Tuple tuple) {
        return guard.statement(pool -> make.apply(pool).execute(tuple));
    }

    @Override
    public Future<T> executeBatch(List<Tuple> batch) {
        return guard.statement(pool -> make.apply(pool).executeBatch(batch));
    }

    @Override
    public <R> PreparedQuery<SqlResult<R>> collecting(Collector<Row, ?, R> collector) {
        return new GuardedPreparedQuery<>(guard, pool -> make.apply(pool).collecting(collector));
    }

    @Override
    public <U> PreparedQuery<RowSet<U>> mapping(Function<Row, U> mapper) {
        return new GuardedPreparedQuery<>(guard, pool -> make.apply(pool).mapping(mapper));
    }
}
