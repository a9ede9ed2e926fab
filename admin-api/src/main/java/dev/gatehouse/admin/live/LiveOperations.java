package dev.gatehouse.admin.live;

import dev.gatehouse.admin.http.Answer;
import dev.gatehouse.admin.http.ApiError;
import dev.gatehouse.admin.http.ApiException;
import dev.gatehouse.admin.http.Call;
import dev.gatehouse.admin.http.Operations;
import dev.gatehouse.shared.people.SignIns;
import dev.gatehouse.shared.record.AgentRecords;
import dev.gatehouse.shared.record.CaptureRates;
import dev.gatehouse.shared.record.StreamRecords;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/** Gives each listener the feed until either side ends it, or its sign-in has ended. Confined to the event loop. */
public final class LiveOperations {

    static final int MAX_LISTENERS = 200;

    /** Also keeps balancers from thinking that the connection is idle. */
    private static final Duration CHECK_PERIOD = Duration.ofSeconds(15);

    private final Vertx vertx;
    private final SignIns signIns;
    private final LiveFeed feed;
    private final Set<HttpServerResponse> open = new HashSet<>();

    public LiveOperations(
            Vertx vertx, SignIns signIns, AgentRecords agents, StreamRecords streams, CaptureRates rates) {
        this.vertx = vertx;
        this.signIns = signIns;
        this.feed = new LiveFeed(vertx, agents, streams, rates);
    }

    public void bind(Operations operations) {
        operations.on("live", this::live);
    }

    /** Ends all feeds: the process is leaving. */
    public void close() {
        Set.copyOf(open).forEach(HttpServerResponse::end);
    }

    private Future<Answer> live(Call call) {
        if (feed.listeners() >= MAX_LISTENERS) {
            throw ApiException.retry(
                    ApiError.TOO_MANY_REQUESTS, MAX_LISTENERS + " listen already", Duration.ofSeconds(10));
        }
        HttpServerResponse response = call.request().response();
        response.setChunked(true).putHeader("Content-Type", "text/event-stream").putHeader("X-Accel-Buffering", "no");
        response.write("retry: 2000\n\n");
        open.add(response);
        // a listener that does not read misses what it has no room for, and sees the next look
        Consumer<String> listener = event -> {
            if (!response.ended() && !response.closed() && !response.writeQueueFull()) {
                response.write(event);
            }
        };
        String token = call.caller().orElseThrow().token();
        long check = vertx.setPeriodic(CHECK_PERIOD.toMillis(), tick -> {
            listener.accept(": still here\n\n");
            signIns.check(token).onSuccess(found -> {
                if (found.isEmpty() && !response.ended()) {
                    response.end();
                }
            });
        });
        Runnable leave = () -> {
            vertx.cancelTimer(check);
            feed.remove(listener);
            open.remove(response);
        };
        response.exceptionHandler(cause -> leave.run());
        response.closeHandler(closed -> leave.run());
        response.endHandler(ended -> leave.run());
        feed.add(listener);
        return Future.succeededFuture(new Answer.Written());
    }
}
