package dev.gatehouse.admin.http;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/** Headers of every response: browsers run only our own files, frame us nowhere, guess no types, keep nothing of the API. */
final class SecurityHeaders {

    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self';"
                    + " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    private static final String ONE_YEAR = "max-age=31536000";

    private SecurityHeaders() {}

    static void add(HttpServerRequest request, HttpServerResponse response) {
        response.putHeader("Content-Security-Policy", POLICY)
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("Cross-Origin-Opener-Policy", "same-origin")
                .putHeader("Cross-Origin-Resource-Policy", "same-origin");
        if (!"localhost"
                .equals(request.authority() == null ? null : request.authority().host())) {
            response.putHeader("Strict-Transport-Security", ONE_YEAR);
        }
        if (request.path().startsWith(ApiRouter.ROOT)) {
            response.putHeader("Cache-Control", "no-store");
        }
    }
}
