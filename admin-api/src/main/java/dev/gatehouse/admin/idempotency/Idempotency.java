package dev.gatehouse.admin.idempotency;

import dev.gatehouse.admin.http.Answer;
import dev.gatehouse.admin.http.ApiError;
import dev.gatehouse.admin.http.ApiException;
import dev.gatehouse.admin.http.Call;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does a write with an Idempotency-Key once: a repeat by the same person within {@link #KEPT} gets the first answer, another request with the same key is a conflict.
 *
 * <p>The key is claimed before the write and the answer stored after it. If the process dies in between, a repeat is told that the outcome is not known, rather than being carried out twice. A write that failed gives its key back.
 */
public final class Idempotency {

    static final Duration KEPT = Duration.ofHours(24);

    private static final Logger log = LoggerFactory.getLogger(Idempotency.class);

    private final SqlClient postgres;

    public Idempotency(SqlClient postgres) {
        this.postgres = postgres;
    }

    /** Carries out the write, or gives the answer it had before. */
    public Future<Answer> once(Call call, Function<Call, Future<Answer>> write) {
        if (call.text("Idempotency-Key").isEmpty()) {
            return write.apply(call);
        }
        Sealed key = new Sealed(call.text("Idempotency-Key").get());
        Buffer request = key.request(call.operation().id()
                + new TreeMap<>(call.parameters())
                + call.body().encode());
        return claim(call.actor(), key, request)
                .compose(claimed -> claimed ? first(call, key, write) : repeat(call, key, request));
    }

    private Future<Boolean> claim(String person, Sealed key, Buffer request) {
        return postgres.preparedQuery("""
                        with old as (delete from idempotency
                            where created_at < clock_timestamp() - $4::bigint * interval '1 second' and (person, key_digest) <> ($1, $2))
                        insert into idempotency (person, key_digest, request_digest) values ($1, $2, $3)
                        on conflict (person, key_digest) do update
                            set request_digest = excluded.request_digest, answer = '', created_at = excluded.created_at
                            where idempotency.created_at < clock_timestamp() - $4::bigint * interval '1 second'""")
                .execute(Tuple.of(person, key.digest(), request, KEPT.toSeconds()))
                .map(rows -> rows.rowCount() == 1);
    }

    private Future<Answer> first(Call call, Sealed key, Function<Call, Future<Answer>> write) {
        Future<Answer> done;
        try {
            done = write.apply(call);
        } catch (RuntimeException refused) {
            done = Future.failedFuture(refused);
        }
        return done.transform(result -> {
            if (result.succeeded() && result.result() instanceof Answer.Whole answer) {
                return store(call.actor(), key, answer).map((Answer) answer);
            }
            return postgres.preparedQuery("delete from idempotency where person = $1 and key_digest = $2")
                    .execute(Tuple.of(call.actor(), key.digest()))
                    .transform(deleted -> done(result.cause()));
        });
    }

    private static Future<Answer> done(Throwable cause) {
        return Future.failedFuture(cause);
    }

    private Future<Void> store(String person, Sealed key, Answer.Whole answer) {
        JsonObject headers = new JsonObject();
        answer.headers().forEach(headers::put);
        Buffer whole = JsonObject.of(
                        "status",
                        answer.status(),
                        "headers",
                        headers,
                        "body",
                        answer.body().getBytes())
                .toBuffer();
        return postgres.preparedQuery("update idempotency set answer = $3 where person = $1 and key_digest = $2")
                .execute(Tuple.of(person, key.digest(), key.seal(whole)))
                .<Void>mapEmpty()
                .otherwise(cause -> {
                    log.warn("The write is done, but its answer could not be kept for repeats", cause);
                    return null;
                });
    }

    private Future<Answer> repeat(Call call, Sealed key, Buffer request) {
        return postgres.preparedQuery(
                        "select request_digest, answer from idempotency where person = $1 and key_digest = $2")
                .execute(Tuple.of(call.actor(), key.digest()))
                .map(rows -> {
                    if (rows.size() == 0) {
                        throw conflict("the first request with this Idempotency-Key has just failed; try again");
                    }
                    Row row = rows.iterator().next();
                    if (!row.getBuffer("request_digest").equals(request)) {
                        throw conflict("this Idempotency-Key was used for another request");
                    }
                    if (row.getBuffer("answer").length() == 0) {
                        throw conflict("a request with this Idempotency-Key is under way, or its outcome is not known:"
                                + " look whether it was done, then use another key");
                    }
                    return answer(new JsonObject(key.open(row.getBuffer("answer"))));
                });
    }

    private static Answer answer(JsonObject stored) {
        Map<String, String> headers = new TreeMap<>();
        stored.getJsonObject("headers").forEach(header -> headers.put(header.getKey(), (String) header.getValue()));
        return new Answer.Whole(stored.getInteger("status"), headers, Buffer.buffer(stored.getBinary("body")));
    }

    private static ApiException conflict(String detail) {
        return ApiException.of(ApiError.CONFLICT, detail);
    }
}
