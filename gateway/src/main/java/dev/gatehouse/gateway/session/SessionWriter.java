package dev.gatehouse.gateway.session;

import static java.time.ZoneOffset.UTC;

import dev.gatehouse.shared.session.SessionCopies;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes sessions to PostgreSQL: when they begin and end, and each {@link #PERIOD} while they move bytes. What could not be written is kept and tried again, at most {@link #MOST} sessions that have ended; beyond that the
 * oldest are lost and counted. Confined to its verticle's context.
 *
 * <p>A gateway writes its own part of a session, so that writing it twice counts once.
 */
public final class SessionWriter {

    static final Duration PERIOD = Duration.ofSeconds(10);

    /** Ended sessions that wait for the database. */
    static final int MOST = 20_000;

    /** Rows of one statement. */
    private static final int PAGE = 500;

    private static final String UPSERT = "insert into session (id, person, resource, agent_id, started_at, seen_at,"
            + " end_reason, parts) values ($1, $2, $3, $4, $5, $6, $7, $8)"
            + " on conflict (id, person) do update set agent_id = excluded.agent_id,"
            + " started_at = least(session.started_at, excluded.started_at),"
            + " seen_at = greatest(session.seen_at, excluded.seen_at),"
            + " end_reason = case when excluded.seen_at >= session.seen_at then excluded.end_reason"
            + " else session.end_reason end,"
            + " parts = session.parts || excluded.parts";

    private static final Logger log = LoggerFactory.getLogger(SessionWriter.class);

    private record Row(LiveSession session, String state, Tuple values) {}

    private final Pool postgres;
    private final Counter lost;
    private final Map<String, Row> waiting = new LinkedHashMap<>(); // of sessions that are over, by part
    private boolean busy;
    private boolean failing;

    public SessionWriter(Pool postgres, MeterRegistry meters) {
        this.postgres = postgres;
        this.lost = Counter.builder("gatehouse_gateway_session_records_lost")
                .description("Ended sessions that were not written, because too many waited for the database")
                .register(meters);
    }

    /**
     * To be called each {@link SessionCopies#PERIOD}.
     *
     * @param over are no more among those that are live
     */
    void round(Collection<LiveSession> live, List<LiveSession> over) {
        over.stream().filter(session -> !session.resource().isEmpty()).forEach(this::keep);
        if (busy) {
            return;
        }
        List<Row> rows = new ArrayList<>();
        waiting.values().stream().limit(PAGE).forEach(rows::add);
        long now = System.nanoTime();
        for (LiveSession session : live) {
            if (rows.size() == PAGE) {
                break;
            }
            if (!session.resource().isEmpty() && isDue(session, now)) {
                rows.add(row(session));
            }
        }
        write(rows);
    }

    /** Everything that is not written yet, once. */
    Future<Void> last(Collection<LiveSession> live) {
        live.stream().filter(session -> !session.resource().isEmpty()).forEach(this::keep);
        return send(List.copyOf(waiting.values())).otherwiseEmpty();
    }

    /** At once when it begins, ends or goes on after all; else now and then. */
    private static boolean isDue(LiveSession session, long now) {
        return !state(session).equals(session.writtenState)
                && (session.writtenState == null || !session.isLive() || now - session.writtenAt >= PERIOD.toNanos());
    }

    private void keep(LiveSession session) {
        if (!state(session).equals(session.writtenState)) {
            waiting.put(session.part(), row(session));
        }
        while (waiting.size() > MOST) {
            waiting.remove(waiting.keySet().iterator().next());
            lost.increment();
        }
    }

    /** What a row says but for its time: equal states need not be written again. */
    private static String state(LiveSession session) {
        return counts(session).encode() + session.agentId() + "/" + reason(session);
    }

    private static JsonArray counts(LiveSession session) {
        return JsonArray.of(session.bytesUp.get(), session.bytesDown.get(), session.opened.get());
    }

    private static String reason(LiveSession session) {
        return session.isLive() ? null : session.endReason().orElse(null);
    }

    private static Row row(LiveSession session) {
        String state = state(session); // before the values: what they have more is written the next time
        return new Row(
                session,
                state,
                Tuple.tuple()
                        .addUUID(session.id)
                        .addString(session.user.name())
                        .addString(session.resource())
                        .addString(session.agentId())
                        .addOffsetDateTime(session.startedAt.atOffset(UTC))
                        .addOffsetDateTime(session.lastSeen().atOffset(UTC))
                        .addString(reason(session))
                        .addJsonObject(JsonObject.of(session.part(), counts(session))));
    }

    private void write(List<Row> rows) {
        if (rows.isEmpty()) {
            return;
        }
        busy = true;
        long now = System.nanoTime();
        send(rows).onComplete(done -> {
            busy = false;
            if (done.succeeded()) {
                for (Row row : rows) {
                    row.session.writtenState = row.state;
                    row.session.writtenAt = now;
                    waiting.remove(row.session.part(), row);
                }
            } else if (!failing) {
                log.warn("Sessions are not written; they are kept and tried again", done.cause());
            }
            failing = done.failed();
        });
    }

    private Future<Void> send(List<Row> rows) {
        if (rows.isEmpty()) {
            return Future.succeededFuture();
        }
        return postgres.preparedQuery(UPSERT)
                .executeBatch(rows.stream().map(Row::values).toList())
                .mapEmpty();
    }
}
