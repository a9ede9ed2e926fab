package dev.gatehouse.shared.custody;

import dev.gatehouse.shared.bus.Addresses;
import dev.gatehouse.shared.custody.CustodyException.Reason;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers {@link BusCustody} in the process that has the keys. More than {@link #MAX_AT_ONCE} requests at a time are refused at once, so that a returning fleet cannot take the database from everyone else. Event loop. */
public final class CustodyEndpoint extends VerticleBase {

    /** Requests under way at once. */
    static final int MAX_AT_ONCE = 64;

    private static final Logger log = LoggerFactory.getLogger(CustodyEndpoint.class);

    private final Custody custody;
    private int underWay;

    public CustodyEndpoint(Custody custody) {
        this.custody = custody;
    }

    @Override
    public Future<?> start() {
        MessageConsumer<JsonObject> consumer = vertx.eventBus().consumer(Addresses.CUSTODY, this::answer);
        return consumer.completion();
    }

    private void answer(Message<JsonObject> message) {
        if (underWay >= MAX_AT_ONCE) {
            message.fail(Reason.UNAVAILABLE.number(), "custody is busy; try again");
            return;
        }
        underWay++;
        ask(message.body()).onComplete(answer -> {
            underWay--;
            if (answer.succeeded()) {
                message.reply(answer.result());
            } else if (answer.cause() instanceof CustodyException refused) {
                message.fail(refused.reason().number(), refused.getMessage());
            } else {
                log.error("Custody failed", answer.cause());
                message.fail(Reason.UNAVAILABLE.number(), "custody failed; try again");
            }
        });
    }

    private Future<JsonObject> ask(JsonObject body) {
        try {
            return CustodyMessages.ask(custody, body);
        } catch (RuntimeException refused) {
            return Future.failedFuture(refused);
        }
    }
}
