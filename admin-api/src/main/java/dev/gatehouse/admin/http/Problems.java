package dev.gatehouse.admin.http;

import dev.gatehouse.shared.custody.CustodyException;
import dev.gatehouse.shared.people.PeopleException;
import dev.gatehouse.shared.store.StoreException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import java.io.IOException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns whatever failed into a problem that callers understand: the one place where failures meet HTTP, and where what nobody foresaw is logged. */
public final class Problems {

    private static final Logger log = LoggerFactory.getLogger(Problems.class);
    private static final Duration LATER = Duration.ofSeconds(2);
    private static final String QUERY_CANCELED = "57014";

    private Problems() {}

    /** What a caller is told about a failure. */
    public static ApiException of(Throwable cause) {
        return switch (cause) {
            case ApiException told -> told;
            case PeopleException refused -> people(refused);
            case CustodyException refused -> custody(refused);
            case PgException sql
            when QUERY_CANCELED.equals(sql.getSqlState()) ->
                ApiException.of(
                        ApiError.TOO_BROAD, "the database gave up; ask for a shorter time or with more filters");
            case PgException sql when shuttingDown(sql) -> away(sql);
            case StoreException store -> away(store);
            case IOException network -> away(network); // the pool cannot connect
            case ClosedConnectionException network -> away(network);
            case TimeoutException slow -> away(slow);
            case Throwable other
            when other.getClass().getName().contains("NoStackTrace") -> away(other); // the pool's queue or its time-out
            default -> unforeseen(cause);
        };
    }

    static void write(HttpServerResponse response, ApiException told) {
        if (response.ended() || response.closed()) {
            return;
        }
        if (response.headWritten()) {
            response.reset(); // a cut answer must not look like a whole one
            return;
        }
        ApiError error = told.error();
        JsonObject problem = JsonObject.of(
                "type", "about:blank",
                "title", error.title(),
                "status", error.status(),
                "detail", told.getMessage(),
                "code", error.code());
        if (!told.violations().isEmpty()) {
            JsonArray errors = new JsonArray();
            told.violations()
                    .forEach(violation -> errors.add(JsonObject.of(
                            "field", violation.field(), "value", violation.value(), "allowed", violation.allowed())));
            problem.put("errors", errors);
        }
        if (told.retryAfter().isPositive()) {
            response.putHeader(
                    HttpHeaders.RETRY_AFTER,
                    String.valueOf(Math.max(1, told.retryAfter().toSeconds())));
        }
        response.headers()
                .remove(HttpHeaders.CONTENT_LENGTH)
                .remove(HttpHeaders.ETAG)
                .remove("Content-Disposition");
        response.setStatusCode(error.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/problem+json")
                .end(problem.toBuffer());
    }

    private static ApiException people(PeopleException refused) {
        return switch (refused.reason()) {
            case WRONG_PASSWORD, DISABLED -> ApiException.of(ApiError.UNAUTHENTICATED, refused.getMessage());
            case BLOCKED, BUSY ->
                ApiException.retry(ApiError.TOO_MANY_REQUESTS, refused.getMessage(), refused.retryAfter());
            case UNKNOWN_PERSON, UNKNOWN_ROLE, UNKNOWN_LOCK ->
                ApiException.of(ApiError.NOT_FOUND, refused.getMessage());
            case NAME_TAKEN, LAST_ADMINISTRATOR, ROLE_IN_USE ->
                ApiException.of(ApiError.CONFLICT, refused.getMessage());
            case BAD_REQUEST -> ApiException.of(ApiError.INVALID_REQUEST, refused.getMessage());
        };
    }

    private static ApiException custody(CustodyException refused) {
        return switch (refused.reason()) {
            case UNKNOWN_AGENT, UNKNOWN_TOKEN -> ApiException.of(ApiError.NOT_FOUND, refused.getMessage());
            case UNAVAILABLE -> away(refused);
            case WRONG_NODE_TOKEN -> ApiException.of(ApiError.FORBIDDEN, refused.getMessage());
            case USED_TOKEN, EXPIRED_TOKEN, REVOKED -> ApiException.of(ApiError.CONFLICT, refused.getMessage());
            default -> ApiException.of(ApiError.INVALID_REQUEST, refused.getMessage());
        };
    }

    /** Classes 08 (connection), 53 (resources), 57P (shutdown), and 25006: the connection leads to a standby. */
    private static boolean shuttingDown(PgException sql) {
        String state = String.valueOf(sql.getSqlState());
        return state.startsWith("08") || state.startsWith("53") || state.startsWith("57P") || state.equals("25006");
    }

    private static ApiException away(Throwable cause) {
        log.warn("A request fails because something is away: {}", cause.toString());
        return ApiException.retry(ApiError.UNAVAILABLE, "database or store is away; try again", LATER);
    }

    private static ApiException unforeseen(Throwable cause) {
        String id = UUID.randomUUID().toString().substring(0, 8);
        log.error("Internal error {}", id, cause);
        return ApiException.of(ApiError.INTERNAL, "the log of the node has it under " + id);
    }
}
