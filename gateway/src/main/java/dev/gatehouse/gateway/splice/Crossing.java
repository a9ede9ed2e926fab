package dev.gatehouse.gateway.splice;

import io.vertx.core.Context;
import java.util.ArrayList;
import java.util.List;

/**
 * The way from one link's context to another's: what is posted in one turn goes over together, in order. What is on it is bounded by the windows of the tunnel that it is for.
 *
 * <p>Confined to the context that it comes from.
 */
final class Crossing {

    private final Context from;
    private final Context to;
    private List<Runnable> turn = new ArrayList<>(2);

    Crossing(Context from, Context to) {
        this.from = from;
        this.to = to;
    }

    void post(Runnable work) {
        if (from.equals(to)) {
            work.run();
            return;
        }
        if (turn.isEmpty()) {
            from.runOnContext(afterwards -> {
                List<Runnable> all = turn;
                turn = new ArrayList<>(2);
                to.runOnContext(there -> all.forEach(Runnable::run));
            });
        }
        turn.add(work);
    }
}
