package dev.gatehouse.admin.lock;

import dev.gatehouse.admin.http.Answer;
import dev.gatehouse.admin.http.ApiException;
import dev.gatehouse.admin.http.Call;
import dev.gatehouse.admin.http.Items;
import dev.gatehouse.admin.http.Json;
import dev.gatehouse.admin.http.Operations;
import dev.gatehouse.shared.people.AccessLock;
import dev.gatehouse.shared.people.Locks;
import dev.gatehouse.shared.record.LockRecords;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** Makes, lists and removes locks. Thread-safe. */
public final class LockOperations {

    private final Runnable changed;
    private final LockRecords records;
    private final Locks locks;

    /** @param changed called after each change: others shall notice soon */
    public LockOperations(Runnable changed, LockRecords records, Locks locks) {
        this.changed = changed;
        this.records = records;
        this.locks = locks;
    }

    public void bind(Operations operations) {
        operations.on("listLocks", this::list).on("createLock", this::create).on("removeLock", this::remove);
    }

    private Future<Answer> list(Call call) {
        return records.list(
                        call.cursor()
                                .map(key -> new LockRecords.After(
                                        Instant.parse(key.getString("at")), UUID.fromString(key.getString("id")))),
                        call.limit())
                .map(page -> Items.of(
                        call,
                        page,
                        LockOperations::json,
                        lock -> JsonObject.of(
                                "at",
                                lock.createdAt().toString(),
                                "id",
                                lock.id().toString())));
    }

    private Future<Answer> create(Call call) {
        JsonObject body = call.body();
        String user = body.getString("user");
        String session = body.getString("session");
        if ((user == null) == (session == null)) {
            throw ApiException.invalid("user", user, "given, or session instead of it, and not both");
        }
        String reason = body.getString("reason");
        Optional<Duration> time =
                Optional.ofNullable(body.getLong("ttlSeconds")).map(Duration::ofSeconds);
        Future<AccessLock> made = user != null
                ? locks.lockUser(user, reason, time, call.actor(), call.remote())
                : locks.lockSession(UUID.fromString(session), reason, time, call.actor(), call.remote());
        return made.onSuccess(lock -> changed.run()).map(lock -> Answer.json(201, json(lock)));
    }

    private Future<Answer> remove(Call call) {
        return locks.remove(call.id(), call.actor(), call.remote())
                .onSuccess(removed -> changed.run())
                .map(removed -> Answer.nothing());
    }

    private static JsonObject json(AccessLock lock) {
        return JsonObject.of(
                "id", lock.id().toString(),
                "user", lock.user().orElse(null),
                "session", lock.session().map(UUID::toString).orElse(null),
                "reason", lock.reason(),
                "createdBy", lock.createdBy(),
                "createdAt", lock.createdAt().toString(),
                "expiresAt", Json.time(lock.expiresAt()));
    }
}
