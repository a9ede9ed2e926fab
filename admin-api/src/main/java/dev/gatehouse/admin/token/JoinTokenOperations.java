package dev.gatehouse.admin.token;

import dev.gatehouse.admin.http.Answer;
import dev.gatehouse.admin.http.ApiException;
import dev.gatehouse.admin.http.Call;
import dev.gatehouse.admin.http.Items;
import dev.gatehouse.admin.http.Json;
import dev.gatehouse.admin.http.Operations;
import dev.gatehouse.shared.custody.JoinTokens;
import dev.gatehouse.shared.record.JoinTokenRecord;
import dev.gatehouse.shared.record.JoinTokenRecords;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** Makes, lists and removes join tokens. Thread-safe. */
public final class JoinTokenOperations {

    private static final int DEFAULT_USES = 1;
    private static final Duration DEFAULT_TIME = Duration.ofHours(1);

    private final JoinTokenRecords records;
    private final JoinTokens tokens;

    public JoinTokenOperations(JoinTokenRecords records, JoinTokens tokens) {
        this.records = records;
        this.tokens = tokens;
    }

    public void bind(Operations operations) {
        operations
                .on("listJoinTokens", this::list)
                .on("createJoinToken", this::create)
                .on("removeJoinToken", this::remove);
    }

    private Future<Answer> list(Call call) {
        return records.list(
                        call.cursor()
                                .map(key -> new JoinTokenRecords.After(
                                        Instant.parse(key.getString("at")), UUID.fromString(key.getString("id")))),
                        call.limit())
                .map(page -> Items.of(
                        call,
                        page,
                        JoinTokenOperations::json,
                        token -> JsonObject.of(
                                "at",
                                token.createdAt().toString(),
                                "id",
                                token.id().toString())));
    }

    private Future<Answer> create(Call call) {
        Map<String, String> labels = new TreeMap<>();
        call.body()
                .getJsonObject("labels", new JsonObject())
                .forEach(label -> labels.put(label.getKey(), (String) label.getValue()));
        return tokens.create(
                        call.body().getInteger("uses", DEFAULT_USES),
                        time(call.body()),
                        labels,
                        call.actor(),
                        call.remote())
                .map(created -> Answer.json(
                        201,
                        JsonObject.of(
                                "id", created.id().toString(),
                                "token", created.token(),
                                "expiresAt", created.expiresAt().toString())));
    }

    /** How long it may be used: {@code ttlSeconds}, or {@code ttl} as the command line writes it. */
    private static Duration time(JsonObject body) {
        String text = body.getString("ttl");
        if (text == null) {
            return Duration.ofSeconds(body.getLong("ttlSeconds", DEFAULT_TIME.toSeconds()));
        }
        Duration time = Duration.parse((text.endsWith("d") ? "P" : "PT") + text); // the contract has checked its form
        if (body.containsKey("ttlSeconds") || time.compareTo(JoinTokens.MAX_TIME) > 0 || time.isZero()) {
            throw ApiException.invalid("ttl", text, "1s to 366d, and not ttlSeconds beside it");
        }
        return time;
    }

    private Future<Answer> remove(Call call) {
        return tokens.remove(call.id(), call.actor(), call.remote()).map(removed -> {
            if (!removed) {
                throw ApiException.notFound("join token", call.id());
            }
            return Answer.nothing();
        });
    }

    private static JsonObject json(JoinTokenRecord token) {
        return JsonObject.of(
                "id", token.id().toString(),
                "usesLeft", token.usesLeft(),
                "labels", Json.labels(token.labels()),
                "createdBy", token.createdBy(),
                "createdAt", token.createdAt().toString(),
                "expiresAt", token.expiresAt().toString());
    }
}
