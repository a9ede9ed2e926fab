package dev.gatehouse.admin.setup;

import dev.gatehouse.shared.audit.Audit;
import dev.gatehouse.shared.people.Passwords;
import dev.gatehouse.shared.people.People;
import dev.gatehouse.shared.postgres.Postgres;
import dev.gatehouse.shared.postgres.PostgresSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The people of a deployment as a command reaches them: straight through the database, without a node. Blocking. */
final class LocalPeople implements AutoCloseable {

    private static final long LIMIT_SECONDS = 60;

    final Vertx vertx = Vertx.vertx();
    final People people;
    private final Pool postgres;
    private final Passwords passwords = new Passwords(vertx);

    /** @param settings of a database that answers, with the newest schema */
    LocalPeople(PostgresSettings settings) {
        postgres = Postgres.pool(vertx, settings);
        people = new People(postgres, passwords, new Audit("command"));
    }

    /** The future's value; fails with its cause, or after a minute. */
    static <T> T get(Future<T> future) {
        try {
            return future.await(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException("not done within " + LIMIT_SECONDS + " s", e);
        }
    }

    @Override
    public void close() {
        get(passwords.close());
        get(postgres.close());
        get(vertx.close());
    }
}
