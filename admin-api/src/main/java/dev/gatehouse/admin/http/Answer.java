package dev.gatehouse.admin.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.Map;

/** What an operation answers when all went well. */
public sealed interface Answer {

    /** A whole body. */
    record Whole(int status, Map<String, String> headers, Buffer body) implements Answer {}

    /** The handler has written the response itself, such as a stream. */
    record Written() implements Answer {}

    static Answer json(JsonObject body) {
        return json(200, body);
    }

    static Answer json(int status, JsonObject body) {
        return new Whole(status, Map.of("content-type", "application/json"), body.toBuffer());
    }

    static Answer nothing() {
        return new Whole(204, Map.of(), Buffer.buffer());
    }

    /** Writes it, unless that has been done. */
    default void writeTo(HttpServerResponse response) {
        if (this instanceof Whole whole && !response.ended() && !response.closed()) {
            response.setStatusCode(whole.status());
            whole.headers().forEach(response::putHeader);
            if (whole.status() == 204) {
                response.end();
            } else {
                response.putHeader(
                        HttpHeaders.CONTENT_LENGTH, String.valueOf(whole.body().length()));
                response.end(whole.body());
            }
        }
    }
}
