package dev.gatehouse.shared.redis;

import io.vertx.core.VertxException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** Tells failures that come of the server or the way to it from answers that any other server would give as well. */
final class ServerFailure {

    /** Codes of Redis, and the client's own word for a connection that has closed. A script's answer has them somewhere in its text. */
    private static final List<String> CODES =
            List.of("READONLY", "LOADING", "MASTERDOWN", "NOAUTH", "WRONGPASS", "CONNECTION_CLOSED");

    private ServerFailure() {}

    /** Whether the server that failed so should be looked for anew. */
    static boolean is(Throwable cause) {
        String text = String.valueOf(cause.getMessage());
        return cause instanceof IOException
                || cause instanceof VertxException
                || cause instanceof TimeoutException
                || CODES.stream().anyMatch(text::contains);
    }
}
