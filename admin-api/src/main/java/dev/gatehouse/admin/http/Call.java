package dev.gatehouse.admin.http;

import dev.gatehouse.admin.contract.Operation;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * A request that the contract allows, with its values.
 *
 * @param remote address it came from
 * @param caller empty only for operations that are open to everyone
 * @param body empty object if the operation takes none
 */
public record Call(
        Operation operation,
        HttpServerRequest request,
        String remote,
        Optional<Caller> caller,
        Map<String, Object> parameters,
        JsonObject body) {

    /** Items on a page when nobody says. */
    public static final int DEFAULT_LIMIT = 100;

    /** Name of the person who asks. */
    public String actor() {
        return caller.orElseThrow().name();
    }

    public UUID id() {
        return uuid("id").orElseThrow();
    }

    public int limit() {
        return ((Number) parameters.getOrDefault("limit", (long) DEFAULT_LIMIT)).intValue();
    }

    public Optional<String> text(String name) {
        return Optional.ofNullable((String) parameters.get(name));
    }

    public Optional<UUID> uuid(String name) {
        return text(name).map(UUID::fromString);
    }

    public Optional<Instant> time(String name) {
        return text(name).map(OffsetDateTime::parse).map(OffsetDateTime::toInstant);
    }

    /** Where the page before ended; fails if the cursor is not one that this list has given for the same filters. */
    public Optional<JsonObject> cursor() {
        return text("cursor").map(cursor -> Cursor.read(cursor, this));
    }
}
