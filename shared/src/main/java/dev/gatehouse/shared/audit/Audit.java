package dev.gatehouse.shared.audit;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;

/** Who did what, and whether it was let through: rows that are only ever added. Thread-safe. */
public final class Audit {

    /** Outcome of what was done. */
    public static final String DONE = "done";

    /** Outcome of what was asked for and not allowed. */
    public static final String REFUSED = "refused";

    /** What others may have written into a text; more is cut off. */
    static final int MAX_TEXT = 512;

    /**
     * One thing that happened.
     *
     * @param actor a person's name, {@code agent:ID}, or {@code node}
     * @param remote the address it came from; empty for the node itself
     * @param action noun and verb, such as {@code agent.revoke}
     * @param target what it was done to, by id or name
     * @param outcome {@link #DONE}, {@link #REFUSED}, or a word of the action's own
     * @param detail whatever explains it; never a secret
     */
    public record Entry(String actor, String remote, String action, String target, String outcome, JsonObject detail) {

        public static Entry done(String actor, String remote, String action, String target) {
            return new Entry(actor, remote, action, target, DONE, new JsonObject());
        }

        public Entry refused(String reason) {
            return new Entry(
                    actor, remote, action, target, REFUSED, detail.copy().put("reason", reason));
        }

        public Entry with(String key, Object value) {
            return new Entry(
                    actor, remote, action, target, outcome, detail.copy().put(key, value));
        }
    }

    private final String node;

    /** @param node the name under which this process records */
    public Audit(String node) {
        this.node = node;
    }

    /** @param client the connection of the transaction that does it, so that neither is without the other; or the pool */
    public Future<Void> record(SqlClient client, Entry entry) {
        return client.preparedQuery("insert into audit (node, actor, remote, action, target, outcome, detail)"
                        + " values ($1, $2, $3, $4, $5, $6, $7)")
                .execute(Tuple.of(
                        node,
                        cut(entry.actor),
                        cut(entry.remote),
                        cut(entry.action),
                        cut(entry.target),
                        cut(entry.outcome),
                        entry.detail))
                .mapEmpty();
    }

    /** PostgreSQL refuses NUL in a text: one name with it must not keep the row out. */
    private static String cut(String text) {
        String clean = text.replace('\0', '?');
        return clean.length() <= MAX_TEXT ? clean : clean.substring(0, MAX_TEXT);
    }
}
