package dev.gatehouse.shared.bus;

import dev.gatehouse.shared.cluster.Members;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The event bus with what it lacks: every request has a time limit, one to a member fails as soon as that member has left, and a consumer answers on every path, also when it throws.
 *
 * <p>At most once: whoever sends repeats, whoever receives expects repeats. Thread-safe.
 */
public final class Bus {

    /** Failure code of an answer to a message that could not be read. */
    public static final int MALFORMED = 400;

    /** Failure code of an answer by a consumer that failed. */
    public static final int FAILED = 500;

    private static final Logger log = LoggerFactory.getLogger(Bus.class);

    private final Vertx vertx;
    private final Members members;
    private final Map<String, Set<Waiting>> waiting = new ConcurrentHashMap<>();

    /** An unanswered request, failed on the context of whoever asked. */
    private record Waiting(Context context, Promise<?> answer) {

        void fail(String memberId) {
            context.runOnContext(now -> answer.tryFail(new MemberLeftException(memberId)));
        }
    }

    public Bus(Vertx vertx, Members members) {
        this.vertx = vertx;
        this.members = members;
        members.onLeave(member -> left(member.id()));
    }

    /** Asks whoever consumes the address; fails after the limit, at once when nobody does. */
    public <T> Future<T> request(String address, Object body, Duration limit) {
        return vertx.eventBus()
                .<T>request(address, body, new DeliveryOptions().setSendTimeout(limit.toMillis()))
                .map(Message::body);
    }

    /** Asks a member; fails with {@link MemberLeftException} as soon as it is known to have left. */
    public <T> Future<T> request(String memberId, String address, Object body, Duration limit) {
        Promise<T> answer = Promise.promise();
        Waiting ours = new Waiting(vertx.getOrCreateContext(), answer);
        Set<Waiting> ofMember = waiting.computeIfAbsent(memberId, id -> ConcurrentHashMap.newKeySet());
        ofMember.add(ours);
        if (!isThere(memberId)) { // asked after it was added: a departure in between is told to it
            left(memberId);
            ours.fail(memberId);
            return answer.future();
        }
        this.<T>request(address, body, limit).onComplete(result -> {
            ofMember.remove(ours);
            if (result.succeeded()) {
                answer.tryComplete(result.result());
            } else {
                answer.tryFail(result.cause());
            }
        });
        return answer.future();
    }

    /** Sends one way, to one consumer; nobody there is not noticed. */
    public void send(String address, Object body) {
        vertx.eventBus().send(address, body);
    }

    /** Sends one way, to all consumers. */
    public void publish(String address, Object body) {
        vertx.eventBus().publish(address, body);
    }

    /**
     * Takes requests on the caller's context and answers each: with the future's value, or with a failure that carries its reason.
     */
    public <T, R> MessageConsumer<T> answer(String address, Class<T> type, Function<T, Future<R>> handler) {
        return vertx.eventBus().consumer(address, message -> handle(address, message, type, handler));
    }

    /** Takes one-way messages on the caller's context; one that cannot be read is logged and dropped. */
    public <T> MessageConsumer<T> listen(String address, Class<T> type, Consumer<T> handler) {
        return vertx.eventBus().consumer(address, message -> {
            try {
                handler.accept(type.cast(message.body()));
            } catch (MalformedMessageException | ClassCastException e) {
                log.warn("A message on {} is dropped: {}", address, e.getMessage());
            }
        });
    }

    private static <T, R> void handle(
            String address, Message<T> message, Class<T> type, Function<T, Future<R>> handler) {
        try {
            T body = type.cast(message.body());
            handler.apply(body).onComplete(message::reply, cause -> fail(address, message, cause));
        } catch (MalformedMessageException | ClassCastException e) {
            log.warn("A request on {} is refused: {}", address, e.getMessage());
            message.fail(MALFORMED, e.getMessage());
        } catch (RuntimeException e) {
            log.error("A request on {} failed", address, e);
            message.fail(FAILED, e.toString());
        }
    }

    private static void fail(String address, Message<?> message, Throwable cause) {
        if (cause instanceof ReplyException reply) {
            message.fail(reply.failureCode(), reply.getMessage());
        } else {
            log.debug("A request on {} failed", address, cause);
            message.fail(FAILED, String.valueOf(cause.getMessage()));
        }
    }

    private boolean isThere(String memberId) {
        return members.all().stream().anyMatch(member -> member.id().equals(memberId));
    }

    private void left(String memberId) {
        Set<Waiting> ofMember = waiting.remove(memberId);
        if (ofMember != null) {
            ofMember.forEach(one -> one.fail(memberId));
        }
    }
}
