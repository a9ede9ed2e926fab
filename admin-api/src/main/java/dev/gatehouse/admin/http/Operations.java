package dev.gatehouse.admin.http;

import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** What each operation of the contract does, by its id. Filled once at the start; confined to it. */
public final class Operations {

    private final Map<String, Function<Call, Future<Answer>>> handlers = new LinkedHashMap<>();

    /** @param handler called on the event loop; what it throws is a failure like any other */
    public Operations on(String operation, Function<Call, Future<Answer>> handler) {
        if (handlers.put(operation, handler) != null) {
            throw new IllegalArgumentException("operation " + operation + " is bound twice");
        }
        return this;
    }

    Map<String, Function<Call, Future<Answer>>> handlers() {
        return handlers;
    }
}
