package dev.gatehouse.shared.custody;

import dev.gatehouse.shared.audit.Audit;
import dev.gatehouse.shared.custody.CustodyException.Reason;
import dev.gatehouse.shared.trust.Topic;
import dev.gatehouse.shared.trust.Topics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.UUID;

/** What administrators change about agents. Failures are {@link CustodyException}. Thread-safe. */
public final class Agents {

    private static final int MAX_REASON = 500;

    private final Vertx vertx;
    private final Pool postgres;
    private final Audit audit;

    public Agents(Vertx vertx, Pool postgres, Audit audit) {
        this.vertx = vertx;
        this.postgres = postgres;
        this.audit = audit;
    }

    /** Takes back the agent's certificates for ever; its links are cut as soon as the gateways notice. Whether it was not revoked before. */
    public Future<Boolean> revoke(UUID agentId, String reason, String actor, String remote) {
        if (reason.length() > MAX_REASON || reason.indexOf('\0') >= 0) {
            return Future.failedFuture(new CustodyException(
                    Reason.BAD_REQUEST,
                    "reason of " + reason.length() + " characters; at most " + MAX_REASON + " are allowed, none NUL"));
        }
        Audit.Entry entry = Audit.Entry.done(actor, remote, "agent.revoke", agentId.toString())
                .with("reason", reason);
        return postgres.<Boolean>withTransaction(transaction -> transaction
                        .preparedQuery("update agent set state = 'revoked', revoked_at = clock_timestamp(),"
                                + " revoked_reason = $2 where id = $1 and state <> 'revoked'")
                        .execute(Tuple.of(agentId, reason))
                        .compose(changed -> changed.rowCount() == 0
                                ? known(transaction, agentId).map(false)
                                : transaction
                                        .preparedQuery("update certificate set revoked_at = clock_timestamp()"
                                                + " where agent_id = $1 and revoked_at is null")
                                        .execute(Tuple.of(agentId))
                                        .compose(revoked -> audit.record(transaction, entry))
                                        .compose(recorded -> Topics.bump(transaction, Topic.AGENTS))
                                        .compose(bumped -> Topics.bump(transaction, Topic.REVOCATIONS))
                                        .map(true)))
                .onSuccess(changed -> Topics.hasten(vertx));
    }

    private static Future<Void> known(SqlConnection transaction, UUID agentId) {
        return transaction
                .preparedQuery("select 1 from agent where id = $1")
                .execute(Tuple.of(agentId))
                .compose(rows -> rows.size() == 1
                        ? Future.succeededFuture()
                        : Future.failedFuture(
                                new CustodyException(Reason.UNKNOWN_AGENT, "no agent has the id " + agentId)));
    }
}
