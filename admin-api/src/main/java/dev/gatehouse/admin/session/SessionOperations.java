package dev.gatehouse.admin.session;

import dev.gatehouse.admin.http.Answer;
import dev.gatehouse.admin.http.Call;
import dev.gatehouse.admin.http.Items;
import dev.gatehouse.admin.http.Operations;
import dev.gatehouse.shared.people.Locks;
import dev.gatehouse.shared.record.Page;
import dev.gatehouse.shared.record.SessionRecords;
import dev.gatehouse.shared.session.SessionCopies;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Lists sessions, those that are active as gateways report them, and cuts them. Thread-safe. */
public final class SessionOperations {

    /** A session that was cut opens nothing for so long: longer than any tunnel lasts that it could resume. */
    private static final Duration CUT = Duration.ofDays(8);

    private static final Comparator<Session> NEWEST =
            Comparator.comparing(Session::startedAt).thenComparing(Session::id).reversed();

    private final Runnable changed;
    private final SessionCopies copies;
    private final SessionRecords records;
    private final Locks locks;

    /** @param changed called after each change: others shall notice soon */
    public SessionOperations(Runnable changed, SessionCopies copies, SessionRecords records, Locks locks) {
        this.changed = changed;
        this.copies = copies;
        this.records = records;
        this.locks = locks;
    }

    public void bind(Operations operations) {
        operations.on("listSessions", this::list).on("cutSession", this::cut);
    }

    private Future<Answer> list(Call call) {
        Map<UUID, Session> live = Session.live(copies.all());
        Optional<SessionRecords.After> after = call.cursor()
                .map(key -> new SessionRecords.After(
                        Instant.parse(key.getString("at")), UUID.fromString(key.getString("id"))));
        Future<Page<Session>> page =
                call.text("state").filter(state -> state.equals("active")).isPresent()
                        ? active(call, live, after)
                        : recorded(call, live, after);
        return page.map(sessions -> Items.of(
                call,
                sessions,
                Session::json,
                session -> JsonObject.of(
                        "at", session.startedAt().toString(), "id", session.id().toString())));
    }

    /** From what gateways tell; what was written adds the bytes that went through gateways before. */
    private Future<Page<Session>> active(Call call, Map<UUID, Session> live, Optional<SessionRecords.After> after) {
        List<Session> fitting = live.values().stream()
                .filter(session -> call.text("user").map(session.user()::equals).orElse(true))
                .filter(session ->
                        call.text("resource").map(session.resource()::equals).orElse(true))
                .sorted(NEWEST)
                .filter(session -> after.map(session::isAfter).orElse(true))
                .limit(call.limit() + 1L)
                .toList();
        List<Session> shown = fitting.subList(0, Math.min(call.limit(), fitting.size()));
        UUID[] ids = shown.stream().map(Session::id).toArray(UUID[]::new);
        return records.list(filter(Optional.empty(), Optional.empty(), Optional.of(ids)), Optional.empty(), Page.MAX)
                .map(written -> new Page<>(
                        shown.stream()
                                .map(session -> session.with(written.items()))
                                .toList(),
                        fitting.size() > shown.size()));
    }

    private Future<Page<Session>> recorded(Call call, Map<UUID, Session> live, Optional<SessionRecords.After> after) {
        Optional<UUID[]> not = call.text("state").map(ended -> live.keySet().toArray(UUID[]::new));
        return records.list(
                        new SessionRecords.Filter(call.text("user"), call.text("resource"), not, Optional.empty()),
                        after,
                        call.limit())
                .map(page -> new Page<>(
                        page.items().stream()
                                .map(record -> Session.of(record, live))
                                .toList(),
                        page.more()));
    }

    private static SessionRecords.Filter filter(
            Optional<String> user, Optional<String> resource, Optional<UUID[]> only) {
        return new SessionRecords.Filter(user, resource, Optional.empty(), only);
    }

    private Future<Answer> cut(Call call) {
        return locks.lockSession(call.id(), "cut by " + call.actor(), Optional.of(CUT), call.actor(), call.remote())
                .onSuccess(lock -> changed.run())
                .map(lock -> Answer.nothing());
    }
}
