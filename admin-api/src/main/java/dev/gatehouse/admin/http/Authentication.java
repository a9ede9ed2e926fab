package dev.gatehouse.admin.http;

import io.vertx.core.Future;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * Knows a caller by {@code Authorization: Bearer} or by the pages' cookie.
 *
 * <p>Browsers send cookies by themselves, so a write by cookie must also carry a header that no foreign page can add without our consent.
 */
public final class Authentication {

    public static final String COOKIE = "__Host-gatehouse";

    /** Any value will do. */
    static final String PAGES_HEADER = "X-Gatehouse";

    private static final String BEARER = "Bearer ";

    private final Function<String, Future<Optional<Caller>>> check;

    /** @param check of a token */
    public Authentication(Function<String, Future<Optional<Caller>>> check) {
        this.check = check;
    }

    /** The caller; fails with {@code unauthenticated} if the request says nobody, or somebody who is not signed in. */
    Future<Caller> caller(HttpServerRequest request, boolean changes) {
        String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (header != null) {
            return header.regionMatches(true, 0, BEARER, 0, BEARER.length())
                    ? signedIn(header.substring(BEARER.length()).strip())
                    : Future.failedFuture(unauthenticated("only 'Authorization: Bearer TOKEN' is taken"));
        }
        Cookie cookie = request.getCookie(COOKIE);
        if (cookie == null) {
            return Future.failedFuture(unauthenticated("POST login, then send 'Authorization: Bearer TOKEN'"));
        }
        if (changes && request.getHeader(PAGES_HEADER) == null) {
            return Future.failedFuture(ApiException.of(
                    ApiError.FORBIDDEN, "a write that is authenticated by cookie needs the header " + PAGES_HEADER));
        }
        return signedIn(cookie.getValue());
    }

    /** The cookie that stands for the token; an empty one with no time left takes it away. */
    public static Cookie cookie(String token, Duration life) {
        return Cookie.cookie(COOKIE, token)
                .setPath("/")
                .setSecure(true)
                .setHttpOnly(true)
                .setSameSite(CookieSameSite.STRICT)
                .setMaxAge(life.toSeconds());
    }

    private Future<Caller> signedIn(String token) {
        return check.apply(token)
                .compose(caller -> caller.map(Future::succeededFuture)
                        .orElseGet(
                                () -> Future.failedFuture(unauthenticated("the sign-in is not known or has ended"))));
    }

    private static ApiException unauthenticated(String detail) {
        return ApiException.of(ApiError.UNAUTHENTICATED, detail);
    }
}
