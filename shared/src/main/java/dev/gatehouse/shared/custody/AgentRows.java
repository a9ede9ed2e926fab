package dev.gatehouse.shared.custody;

import dev.gatehouse.shared.custody.CustodyException.Reason;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import io.vertx.sqlclient.data.Numeric;
import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Iterator;
import java.util.Map;
import java.util.UUID;

/** The statements on {@code agent} and {@code certificate} that custody's transactions are made of. */
final class AgentRows {

    /** How often the name or key just chosen may turn out to be taken before the enrolment is given up: only where a wished name looks like another one with a number. */
    private static final int MAX_TRIES = 10;

    /** The wished name, or the first free of name-2, name-3, …: one look-up in the index for each that is taken. */
    private static final String FREE_NAME = """
            with recursive candidate (n, name) as (
                select 1, $2::text
                union all
                select n + 1, $2 || '-' || (n + 1) from candidate where exists (select from agent where agent.name = candidate.name)
            )
            select name from candidate order by n desc limit 1""";

    private static final String INSERT = "insert into agent (id, name, labels, key_sha256) values ($1, (" + FREE_NAME
            + "), $3, $4) on conflict do nothing returning id, name, labels, state";

    record Agent(UUID id, String name, Map<String, String> labels, boolean revoked) {}

    private AgentRows() {}

    /** The agent that has this key, or a new one. Held against all others until the transaction ends. */
    static Future<Agent> findOrAdd(SqlConnection transaction, Buffer keyHash, String name, Map<String, String> labels) {
        return findOrAdd(transaction, keyHash, name, labels, 1);
    }

    private static Future<Agent> findOrAdd(
            SqlConnection transaction, Buffer keyHash, String name, Map<String, String> labels, int attempt) {
        if (attempt > MAX_TRIES) {
            return Future.failedFuture(new CustodyException(
                    Reason.UNAVAILABLE, "name '" + name + "' was taken " + MAX_TRIES + " times; try again"));
        }
        return transaction
                .preparedQuery("select id, name, labels, state from agent where key_sha256 = $1 for update")
                .execute(Tuple.of(keyHash))
                .compose(found -> found.size() > 0
                        ? Future.succeededFuture(found)
                        : queueForName(transaction, name)
                                .compose(alone -> transaction
                                        .preparedQuery(INSERT)
                                        .execute(Tuple.of(
                                                UUID.randomUUID(), name, JoinTokens.labelsJson(labels), keyHash))))
                .compose(rows -> rows.size() > 0
                        ? Future.succeededFuture(agent(rows))
                        : findOrAdd(transaction, keyHash, name, labels, attempt + 1));
    }

    /** Lets those who wish for the same name choose one after the other: cloned machines all do. Until the transaction ends. */
    private static Future<Void> queueForName(SqlConnection transaction, String name) {
        return transaction
                .preparedQuery("select pg_advisory_xact_lock(hashtextextended('agent name ' || $1, 0))")
                .execute(Tuple.of(name))
                .mapEmpty();
    }

    /** The agent, in good standing, held until the transaction ends. */
    static Future<Agent> active(SqlConnection transaction, UUID agentId) {
        return transaction
                .preparedQuery("select id, name, labels, state from agent where id = $1 for update")
                .execute(Tuple.of(agentId))
                .map(rows -> {
                    if (rows.size() == 0) {
                        throw new CustodyException(Reason.UNKNOWN_AGENT, "no agent has the id " + agentId);
                    }
                    return standing(agent(rows));
                });
    }

    static Agent standing(Agent agent) {
        if (agent.revoked()) {
            throw new CustodyException(Reason.REVOKED, "agent " + agent.id() + " is revoked");
        }
        return agent;
    }

    /** Fails if this one certificate was taken back. One that is not known is judged by its signature alone: the row may be older than a restored backup. */
    static Future<Void> notRevoked(SqlConnection transaction, BigInteger serial) {
        return transaction
                .preparedQuery("select 1 from certificate where serial = $1 and revoked_at is not null")
                .execute(Tuple.of(Numeric.create(serial)))
                .compose(rows -> rows.size() == 0
                        ? Future.succeededFuture()
                        : Future.failedFuture(new CustodyException(
                                Reason.REVOKED, "certificate " + serial.toString(16) + " is revoked")));
    }

    /** From now on the agent is known by this key. Fails if it is another agent's. */
    static Future<Void> changeKey(SqlConnection transaction, UUID agentId, Buffer keyHash) {
        return transaction
                .preparedQuery("update agent set key_sha256 = $2 where id = $1"
                        + " and not exists (select from agent where key_sha256 = $2 and id <> $1)")
                .execute(Tuple.of(agentId, keyHash))
                .compose(rows -> rows.rowCount() == 1
                        ? Future.succeededFuture()
                        : Future.failedFuture(new CustodyException(
                                Reason.BAD_REQUEST, "key is that of another agent; make a new one")));
    }

    /** Notes a new certificate, and forgets those of the agent that not even the grace lets anyone use. */
    static Future<Void> addCertificate(
            SqlConnection transaction, UUID agentId, X509Certificate certificate, Duration grace) {
        return transaction
                .preparedQuery(
                        "insert into certificate (serial, agent_id, not_before, not_after) values ($1, $2, $3, $4)")
                .execute(Tuple.of(
                        Numeric.create(certificate.getSerialNumber()),
                        agentId,
                        certificate.getNotBefore().toInstant().atOffset(ZoneOffset.UTC),
                        certificate.getNotAfter().toInstant().atOffset(ZoneOffset.UTC)))
                .compose(added -> transaction
                        .preparedQuery("delete from certificate where agent_id = $1"
                                + " and not_after < clock_timestamp() - $2 * interval '1 second'")
                        .execute(Tuple.of(agentId, (double) grace.toSeconds())))
                .mapEmpty();
    }

    private static Agent agent(RowSet<Row> rows) {
        Iterator<Row> iterator = rows.iterator();
        Row row = iterator.next();
        return new Agent(
                row.getUUID(0),
                row.getString(1),
                JoinTokens.labels(row.getJsonObject(2)),
                row.getString(3).equals("revoked"));
    }
}
