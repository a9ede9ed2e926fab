package dev.gatehouse.agent.uplink;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** Collects what has changed of the agent's offers for a moment, so that many changes at once are one message, and has it told on the links' context. Thread-safe. */
final class OfferNews {

    /** For how long changes are collected. */
    private static final long MOMENT_MILLIS = 20;

    private enum News {
        NONE,
        HEALTH,
        RESOURCES
    }

    private final Vertx vertx;
    private final Context context;
    private final Consumer<Boolean> tell;
    private final AtomicReference<News> news = new AtomicReference<>(News.NONE);

    /** @param tell called on the context; true: what is offered has changed, false: only how it is */
    OfferNews(Vertx vertx, Context context, Consumer<Boolean> tell) {
        this.vertx = vertx;
        this.context = context;
        this.tell = tell;
    }

    void resources() {
        heard(News.RESOURCES);
    }

    void health() {
        heard(News.HEALTH);
    }

    private void heard(News now) {
        News before = news.getAndUpdate(known -> known.compareTo(now) >= 0 ? known : now);
        if (before == News.NONE) {
            context.runOnContext(go ->
                    vertx.setTimer(MOMENT_MILLIS, later -> tell.accept(news.getAndSet(News.NONE) == News.RESOURCES)));
        }
    }
}
