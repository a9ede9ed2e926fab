package dev.gatehouse.bench.load;

import dev.gatehouse.bench.target.BenchException;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The event loops that a load's links are spread over. Thread-safe. */
public final class Loops implements AutoCloseable {

    private static final int LOOPS = 2;
    private static final int CLOSE_SECONDS = 60;

    private final Vertx vertx =
            Vertx.vertx(new VertxOptions().setEventLoopPoolSize(LOOPS).setPreferNativeTransport(true));
    private final List<Context> contexts = new CopyOnWriteArrayList<>();

    /** Keeps its context known: what is run from another thread would all land on one loop. */
    private static final class Loop extends VerticleBase {

        private final List<Context> contexts;

        Loop(List<Context> contexts) {
            this.contexts = contexts;
        }

        @Override
        public Future<?> start() {
            contexts.add(context);
            return Future.succeededFuture();
        }
    }

    public Loops() throws BenchException {
        await(
                vertx.deployVerticle(() -> new Loop(contexts), new DeploymentOptions().setInstances(LOOPS))
                        .mapEmpty(),
                CLOSE_SECONDS,
                "event loops");
    }

    public Vertx vertx() {
        return vertx;
    }

    /** Where the links of an agent live. */
    public Context of(int number) {
        return contexts.get(number % contexts.size());
    }

    /** Waits on the caller's thread. */
    public static void await(Future<Void> future, int seconds, String what) throws BenchException {
        try {
            future.await(seconds, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new BenchException(what + ": not done within " + seconds + " s");
        } catch (RuntimeException e) {
            throw new BenchException(what, e);
        }
    }

    @Override
    public void close() throws BenchException {
        await(vertx.close(), CLOSE_SECONDS, "close");
    }
}
