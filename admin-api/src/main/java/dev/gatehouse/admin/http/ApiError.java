package dev.gatehouse.admin.http;

import java.util.Locale;

/** All that can go wrong, as callers see it. Codes are stable: programs rely on them. */
public enum ApiError {
    INVALID_REQUEST(400, "The request is not valid"),
    UNAUTHENTICATED(401, "Sign in first"),
    FORBIDDEN(403, "Not allowed"),
    NOT_FOUND(404, "There is no such thing"),
    METHOD_NOT_ALLOWED(405, "Not possible with this"),
    CONFLICT(409, "In conflict with what is there"),
    TOO_LARGE(413, "The request is too large"),
    UNSUPPORTED_MEDIA_TYPE(415, "Only application/json is taken"),
    RANGE_NOT_SATISFIABLE(416, "The content has no such range"),
    TOO_BROAD(422, "The search takes too long"),
    TOO_MANY_REQUESTS(429, "Too many requests"),
    INTERNAL(500, "Something went wrong here"),
    UNAVAILABLE(503, "Not available for the moment");

    private final int status;
    private final String title;

    ApiError(int status, String title) {
        this.status = status;
        this.title = title;
    }

    public int status() {
        return status;
    }

    String title() {
        return title;
    }

    /** {@code invalid-request}. */
    String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
