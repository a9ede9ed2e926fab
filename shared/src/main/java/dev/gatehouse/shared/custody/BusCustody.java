package dev.gatehouse.shared.custody;

import dev.gatehouse.shared.bus.Addresses;
import dev.gatehouse.shared.custody.CustodyException.Reason;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/**
 * Custody in another process, reached over the bus. No answer in time is {@link Reason#UNAVAILABLE}, and then it is open whether it was done: to repeat the request is harmless. Thread-safe.
 */
public final class BusCustody implements Custody {

    /** For one answer: longer than the database may take for the transaction, shorter than an agent waits. */
    static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final Vertx vertx;
    private final Duration timeout;

    public BusCustody(Vertx vertx) {
        this(vertx, TIMEOUT);
    }

    BusCustody(Vertx vertx, Duration timeout) {
        this.vertx = vertx;
        this.timeout = timeout;
    }

    @Override
    public Future<Issued> enrol(Enrolment enrolment) {
        return ask(CustodyMessages.enrol(enrolment)).map(CustodyMessages::issued);
    }

    @Override
    public Future<Issued> renew(UUID agentId, Buffer csr) {
        return ask(CustodyMessages.renew(agentId, csr)).map(CustodyMessages::issued);
    }

    @Override
    public Future<Issued> renewExpired(ExpiredRenewal renewal, String remote) {
        return ask(CustodyMessages.renewExpired(renewal, remote)).map(CustodyMessages::issued);
    }

    @Override
    public Future<IssuedNode> issueNode(NodeRequest request) {
        return ask(CustodyMessages.issueNode(request)).map(CustodyMessages::issuedNode);
    }

    @Override
    public Future<Buffer> signResource(Buffer statement) {
        return ask(CustodyMessages.signResource(statement)).map(CustodyMessages::bytes);
    }

    @Override
    public Future<Buffer> derive(String purpose) {
        return ask(CustodyMessages.derive(purpose)).map(CustodyMessages::bytes);
    }

    @Override
    public Future<List<Buffer>> trust() {
        return ask(CustodyMessages.trust()).map(CustodyMessages::trusted);
    }

    private Future<JsonObject> ask(JsonObject message) {
        DeliveryOptions options = new DeliveryOptions().setSendTimeout(timeout.toMillis());
        return vertx.eventBus()
                .<JsonObject>request(Addresses.CUSTODY, message, options)
                .transform(answer -> answer.succeeded()
                        ? Future.succeededFuture(answer.result().body())
                        : Future.failedFuture(failure(answer.cause())));
    }

    private static CustodyException failure(Throwable cause) {
        if (cause instanceof ReplyException reply && reply.failureType() == ReplyFailure.RECIPIENT_FAILURE) {
            return new CustodyException(
                    Reason.of(reply.failureCode()).orElse(Reason.UNAVAILABLE), reply.getMessage(), reply);
        }
        return new CustodyException(Reason.UNAVAILABLE, "custody does not answer; try again", cause);
    }
}
