package dev.gatehouse.ingest.commit;

import io.vertx.sqlclient.DatabaseException;
import java.util.Optional;

/** Tells a statement that the database refuses for what is in it, and would refuse for ever, from one that may succeed another time. */
public final class DataRefusal {

    private DataRefusal() {}

    /** Why, if the failure is of that kind: SQLSTATE class 22 (data exception) or 23 (integrity constraint violation). A database that is full (53), restarting (57), in conflict (40) or away does not refuse the data. */
    public static Optional<String> reason(Throwable failure) {
        return failure instanceof DatabaseException refusal && ofData(refusal.getSqlState())
                ? Optional.of(refusal.getMessage())
                : Optional.empty();
    }

    private static boolean ofData(String sqlState) {
        return sqlState != null && (sqlState.startsWith("22") || sqlState.startsWith("23"));
    }
}
