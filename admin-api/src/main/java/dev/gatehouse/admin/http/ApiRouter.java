package dev.gatehouse.admin.http;

import dev.gatehouse.admin.contract.Contract;
import dev.gatehouse.admin.contract.Operation;
import dev.gatehouse.admin.contract.Violation;
import dev.gatehouse.shared.people.Decision;
import dev.gatehouse.shared.people.Permission;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;

/** The routes of the API, one for each operation of the contract: body within its limit, caller known and allowed, values as the contract wants them, then the operation. */
public final class ApiRouter {

    /** Below which all of the API is. */
    public static final String ROOT = "/api/v1";

    /** Longest body of a request. */
    static final int MAX_BODY = 64 * 1024;

    private final Authentication authentication;
    private final BiFunction<Call, Function<Call, Future<Answer>>, Future<Answer>> writes;

    /** @param writes carries out a write, given the call and what it does */
    public ApiRouter(
            Authentication authentication, BiFunction<Call, Function<Call, Future<Answer>>, Future<Answer>> writes) {
        this.authentication = authentication;
        this.writes = writes;
    }

    /** A router to which pages may be added. Fails if contract and operations do not match. */
    public Router create(Vertx vertx, Contract contract, Operations operations) {
        Router router = Router.router(vertx);
        router.route().handler(context -> {
            SecurityHeaders.add(context.request(), context.response());
            context.next();
        });
        router.get(ROOT + "/openapi.json")
                .handler(context -> Answer.json(contract.json()).writeTo(context.response()));
        TreeSet<String> unbound = new TreeSet<>(operations.handlers().keySet());
        BodyHandler body = BodyHandler.create(false).setBodyLimit(MAX_BODY);
        for (Operation operation : contract.operations()) {
            Function<Call, Future<Answer>> handler = operations.handlers().get(operation.id());
            if (handler == null || !unbound.remove(operation.id())) {
                throw new IllegalStateException("operation " + operation.id() + " of the contract does nothing");
            }
            String path = ROOT + operation.path().replaceAll("\\{(\\w+)}", ":$1");
            router.route(operation.method(), path).handler(body).handler(context -> run(context, operation, handler));
        }
        if (!unbound.isEmpty()) {
            throw new IllegalStateException("operations that the contract does not have: " + unbound);
        }
        answerErrors(router);
        return router;
    }

    private void run(RoutingContext context, Operation operation, Function<Call, Future<Answer>> handler) {
        identify(context.request(), operation)
                .compose(caller -> {
                    Call call = call(context, operation, caller);
                    return operation.writes() ? writes.apply(call, handler) : handler.apply(call);
                })
                .onSuccess(answer -> answer.writeTo(context.response()))
                .onFailure(cause -> Problems.write(context.response(), Problems.of(cause)));
    }

    private Future<Optional<Caller>> identify(HttpServerRequest request, Operation operation) {
        if (operation.open()) {
            return Future.succeededFuture(Optional.empty());
        }
        boolean changes = !operation.method().equals(io.vertx.core.http.HttpMethod.GET);
        return authentication.caller(request, changes).map(caller -> {
            Decision decision = Decision.of(caller.roles(), operation.writes() ? Permission.WRITE : Permission.READ);
            if (!operation.anyone() && !decision.allowed()) {
                throw ApiException.of(ApiError.FORBIDDEN, decision.reason());
            }
            return Optional.of(caller);
        });
    }

    private static Call call(RoutingContext context, Operation operation, Optional<Caller> caller) {
        List<Violation> violations = new ArrayList<>();
        Map<String, Object> parameters = operation.checkParameters(
                in -> name -> texts(context, in, name),
                new TreeSet<>(context.queryParams().names()),
                violations);
        JsonObject body = operation.body().isPresent() ? body(context) : new JsonObject();
        if (operation.body().isPresent()) {
            violations.addAll(operation.checkBody(body));
        }
        if (!violations.isEmpty()) {
            throw ApiException.invalid(violations);
        }
        return new Call(
                operation,
                context.request(),
                context.request().remoteAddress().hostAddress(),
                caller,
                parameters,
                body);
    }

    private static List<String> texts(RoutingContext context, Operation.In in, String name) {
        return switch (in) {
            case PATH -> List.of(context.pathParam(name));
            case QUERY -> context.queryParams().getAll(name);
            case HEADER -> context.request().headers().getAll(name);
        };
    }

    private static JsonObject body(RoutingContext context) {
        String type = context.request().getHeader("Content-Type");
        if (type == null || !type.split(";", 2)[0].strip().equalsIgnoreCase("application/json")) {
            throw ApiException.of(ApiError.UNSUPPORTED_MEDIA_TYPE, "the body's type is " + type);
        }
        try {
            Buffer bytes = context.body().buffer();
            if (bytes != null && io.vertx.core.json.Json.decodeValue(bytes) instanceof JsonObject json) {
                return json;
            }
        } catch (DecodeException notJson) {
            // told below
        }
        throw ApiException.invalid("body", null, "a JSON object");
    }

    private static void answerErrors(Router router) {
        Map.of(
                        404, ApiError.NOT_FOUND,
                        405, ApiError.METHOD_NOT_ALLOWED,
                        413, ApiError.TOO_LARGE,
                        400, ApiError.INVALID_REQUEST)
                .forEach((status, error) -> router.errorHandler(
                        status,
                        context -> Problems.write(context.response(), ApiException.of(error, detail(error, context)))));
        router.errorHandler(500, context -> Problems.write(context.response(), Problems.of(failure(context))));
    }

    private static Throwable failure(RoutingContext context) {
        return context.failure() != null ? context.failure() : new IllegalStateException("failed without a cause");
    }

    private static String detail(ApiError error, RoutingContext context) {
        return switch (error) {
            case TOO_LARGE -> "at most " + MAX_BODY + " bytes are taken";
            case METHOD_NOT_ALLOWED ->
                context.request().method() + " " + context.request().path() + " does not exist";
            case NOT_FOUND -> "nothing is at " + context.request().path();
            default -> "the request cannot be read";
        };
    }
}
