package dev.gatehouse.gateway.enrol;

import dev.gatehouse.shared.custody.CustodyException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Optional;

/**
 * Why a request was refused, as {@code application/problem+json} says it.
 *
 * @param code stable, for programs
 *
 * @param retryAfter when to come again, if that makes sense
 */
record Problem(int status, String code, String title, String detail, Optional<Duration> retryAfter) {

    static final String MEDIA_TYPE = "application/problem+json";

    static Problem badRequest(String detail) {
        return new Problem(400, "bad-request", "Bad request", detail, Optional.empty());
    }

    static Problem tooMany(Duration wait) {
        return new Problem(
                429, "too-many-requests", "Too many requests", "Too many refused requests", Optional.of(wait));
    }

    static Problem tooLarge(long most) {
        return new Problem(
                413, "too-large", "Too large", "A body may have at most " + most + " bytes", Optional.empty());
    }

    static Problem internal() {
        return new Problem(500, "internal", "Internal error", "See the gateway's log", Optional.empty());
    }

    static Problem of(CustodyException refusal) {
        int status = switch (refusal.reason()) {
            case BAD_REQUEST -> 400;
            case UNKNOWN_TOKEN, WRONG_NODE_TOKEN, REVOKED, EXPIRED_CERTIFICATE -> 403;
            case UNKNOWN_AGENT -> 404;
            case USED_TOKEN, EXPIRED_TOKEN -> 410;
            case UNAVAILABLE -> 503;
        };
        return new Problem(
                status,
                refusal.reason().code(),
                "Not enrolled",
                refusal.getMessage(),
                status == 503 ? Optional.of(Duration.ofSeconds(2)) : Optional.empty());
    }

    JsonObject json() {
        return new JsonObject()
                .put("type", "about:blank")
                .put("title", title)
                .put("status", status)
                .put("detail", detail)
                .put("code", code)
                .put("errors", new JsonArray());
    }
}
