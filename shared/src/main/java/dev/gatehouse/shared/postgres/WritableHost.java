package dev.gatehouse.shared.postgres;

import dev.gatehouse.shared.settings.HostPort;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnectOptions;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Finds, among the nodes of a database cluster, the one to write to. All are asked, anew for each connection, so that after a promotion no connection goes to the old primary, whether it is gone or has come back as it was.
 * Thread-safe.
 */
final class WritableHost {

    /** How much longer the others are waited for once one would do: a node that is gone must not hold up every connection. */
    static final Duration GRACE = Duration.ofMillis(500);

    private final Vertx vertx;
    private final Context context;
    private final Map<HostPort, PgConnectOptions> hosts;
    private final Duration limit;
    private final PrimaryChoice choice = new PrimaryChoice();

    /** @param hosts in the order in which they are preferred */
    WritableHost(Vertx vertx, Map<HostPort, PgConnectOptions> hosts, Duration limit) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.hosts = new LinkedHashMap<>(hosts);
        this.limit = limit;
    }

    /** Fails when no node takes writes now, saying what is with each. Not asked on the caller's context: the connections would belong to its verticle, whose end would wait for a node that is frozen. */
    Future<SqlConnectOptions> find() {
        Promise<SqlConnectOptions> found = Promise.promise();
        context.runOnContext(go -> new Question().ask().onComplete(found));
        return found.future();
    }

    /** One question to all of them. */
    private final class Question {

        private final Promise<SqlConnectOptions> found = Promise.promise();

        // guarded by this
        private final Map<HostPort, HostAnswer> answers = new HashMap<>();
        private final Map<HostPort, String> troubles = new LinkedHashMap<>();

        Future<SqlConnectOptions> ask() {
            hosts.forEach((host, options) -> answer(options)
                    .onSuccess(answer -> answered(host, answer))
                    .onFailure(cause -> failed(host, cause)));
            return found.future();
        }

        private synchronized void answered(HostPort host, HostAnswer answer) {
            answers.put(host, answer);
            if (all()) {
                decide();
            } else if (answer.writable()) {
                vertx.setTimer(GRACE.toMillis(), now -> decide());
            }
        }

        private synchronized void failed(HostPort host, Throwable cause) {
            troubles.put(host, cause.getMessage() == null ? cause.toString() : cause.getMessage());
            if (all()) {
                decide();
            }
        }

        private boolean all() {
            return answers.size() + troubles.size() == hosts.size();
        }

        private synchronized void decide() {
            Map<HostPort, HostAnswer> inOrder = new LinkedHashMap<>();
            hosts.keySet().stream().filter(answers::containsKey).forEach(host -> inOrder.put(host, answers.get(host)));
            Optional<HostPort> chosen = choice.choose(inOrder);
            if (chosen.isPresent()) {
                found.tryComplete(hosts.get(chosen.get()));
            } else if (all()) {
                found.tryFail(NoPrimaryException.of(choice, inOrder, troubles));
            }
        }
    }

    private Future<HostAnswer> answer(PgConnectOptions host) {
        return PgConnection.connect(vertx, host)
                .compose(connection -> connection
                        .query(HostAnswer.QUERY)
                        .execute()
                        .map(rows -> full(rows.iterator().next()))
                        .recover(cause -> cause instanceof PgException
                                ? connection
                                        .query(HostAnswer.SHORT_QUERY)
                                        .execute()
                                        .map(rows -> new HostAnswer(
                                                rows.iterator().next().getBoolean(0), 0, 0))
                                : Future.failedFuture(cause))
                        .eventually(connection::close))
                .timeout(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static HostAnswer full(Row row) {
        return new HostAnswer(row.getBoolean(0), row.getLong(1), row.getLong(2));
    }
}
