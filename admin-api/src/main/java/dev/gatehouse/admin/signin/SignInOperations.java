package dev.gatehouse.admin.signin;

import dev.gatehouse.admin.http.AddressThrottle;
import dev.gatehouse.admin.http.Answer;
import dev.gatehouse.admin.http.ApiError;
import dev.gatehouse.admin.http.ApiException;
import dev.gatehouse.admin.http.Authentication;
import dev.gatehouse.admin.http.Call;
import dev.gatehouse.admin.http.Caller;
import dev.gatehouse.admin.http.Json;
import dev.gatehouse.admin.http.Operations;
import dev.gatehouse.shared.audit.Audit;
import dev.gatehouse.shared.people.Login;
import dev.gatehouse.shared.people.SignIns;
import dev.gatehouse.shared.settings.HostPort;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** {@code login}, {@code logout}, {@code me}, {@code ca}. Confined to the event loop. */
public final class SignInOperations {

    /**
     * Where users reach resources.
     *
     * @param access address of the access endpoint; one that stands for all addresses means the host by which the request came
     *
     * @param accessUrls instead of that address, if there are any
     *
     * @param caPem certificate of the nodes' CA
     */
    public record Reach(HostPort access, List<String> accessUrls, String accessDomain, String caPem, String caPin) {}

    private final Pool postgres;
    private final Login login;
    private final SignIns signIns;
    private final Audit audit;
    private final Reach reach;
    private final AddressThrottle throttle = new AddressThrottle(System::nanoTime);

    public SignInOperations(Pool postgres, Login login, SignIns signIns, Audit audit, Reach reach) {
        this.postgres = postgres;
        this.login = login;
        this.signIns = signIns;
        this.audit = audit;
        this.reach = reach;
    }

    public void bind(Operations operations) {
        operations
                .on("login", this::login)
                .on("logout", this::logout)
                .on("me", this::me)
                .on("ca", this::ca);
    }

    /** Who a token stands for. */
    public Future<Optional<Caller>> check(String token) {
        return signIns.check(token)
                .map(found ->
                        found.map(signIn -> new Caller(signIn.name(), signIn.roles(), signIn.expiresAt(), token)));
    }

    private Future<Answer> login(Call call) {
        if (!throttle.take(call.remote())) {
            throw ApiException.retry(
                    ApiError.TOO_MANY_REQUESTS,
                    "more than " + AddressThrottle.BURST + " sign-ins from this address",
                    AddressThrottle.REFILL);
        }
        return login.check(call.body().getString("username"), call.body().getString("password"), call.remote())
                .compose(person -> signIns.create(person, call.remote()))
                .map(created -> {
                    call.request()
                            .response()
                            .addCookie(Authentication.cookie(
                                    created.token(), Duration.between(Instant.now(), created.expiresAt())));
                    return Answer.json(JsonObject.of(
                            "token",
                            created.token(),
                            "expiresAt",
                            created.expiresAt().toString()));
                });
    }

    private Future<Answer> logout(Call call) {
        return signIns.end(call.caller().orElseThrow().token())
                .compose(ended ->
                        audit.record(postgres, Audit.Entry.done(call.actor(), call.remote(), "logout", call.actor())))
                .map(recorded -> {
                    call.request().response().addCookie(Authentication.cookie("", Duration.ZERO));
                    return Answer.nothing();
                });
    }

    private Future<Answer> me(Call call) {
        Caller caller = call.caller().orElseThrow();
        return Future.succeededFuture(Answer.json(JsonObject.of(
                "user", caller.name(),
                "roles", Json.texts(List.copyOf(caller.roles())),
                "expiresAt", caller.expiresAt().toString(),
                "accessUrls", Json.texts(reach.accessUrls().isEmpty() ? List.of(accessUrl(call)) : reach.accessUrls()),
                "accessDomain", reach.accessDomain(),
                "caPin", reach.caPin())));
    }

    private String accessUrl(Call call) {
        String host = reach.access().host();
        boolean any = host.equals("0.0.0.0") || host.equals("::");
        return "https://"
                + new HostPort(
                        any ? call.request().authority().host() : host,
                        reach.access().port());
    }

    private Future<Answer> ca(Call call) {
        return Future.succeededFuture(new Answer.Whole(
                200,
                java.util.Map.of("content-type", "application/x-pem-file"),
                io.vertx.core.buffer.Buffer.buffer(reach.caPem())));
    }
}
