package dev.gatehouse.gateway.splice;

import com.google.protobuf.MessageLite;
import dev.gatehouse.gateway.splice.Replicas.Candidate;
import dev.gatehouse.protocol.message.Close;
import dev.gatehouse.protocol.message.CloseCode;
import dev.gatehouse.protocol.message.ErrorCode;
import dev.gatehouse.protocol.message.Opened;
import dev.gatehouse.protocol.transport.LinkTunnels;
import dev.gatehouse.protocol.tunnel.TunnelLimits;
import dev.gatehouse.protocol.wire.Frame;
import dev.gatehouse.protocol.wire.FrameType;
import dev.gatehouse.protocol.wire.Ids;
import dev.gatehouse.protocol.wire.ProtocolException;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * An OPEN or RESUME on its way: asks one candidate after the other until one says OPENED, and then joins the two sides. RESUME looks again for where its agent is linked, as that may be moving.
 *
 * <p>Confined to the context of the near side, the one towards the user; what the far side says comes across.
 */
final class Opening implements Side.Watcher {

    /** An agent answers within the time of its dial; a gateway between within a little more. */
    private static final Duration ANSWER = Duration.ofSeconds(15);

    /** For so long RESUME waits for its agent to be linked again; then the user's end is told to ask once more. */
    static final Duration MOVING = Duration.ofSeconds(8);

    private static final Duration LOOK = Duration.ofMillis(100);

    /** What is sent on. */
    interface Message {
        FrameType type();

        /** @param limit of the direction towards the user, as this gateway grants it */
        MessageLite to(Candidate candidate, long limit);

        /** Total bytes that the user's end has. */
        long consumed();

        /** What the user's end is told. */
        default Opened answer(Opened opened) {
            return opened;
        }
    }

    private final Vertx vertx;
    private final Context context;
    private final String self;
    private final Ways ways;
    private final SpliceMetrics metrics;
    private final Traffic traffic;
    private final Side near;
    private final Message message;
    private final Supplier<List<Candidate>> again; // for RESUME: who can be asked now
    private final Queue<Candidate> candidates;
    private final long granted;
    private final long until = System.nanoTime() + MOVING.toNanos();
    private Close refusal = closed(CloseCode.AGENT_OFFLINE, "no agent that offers it is linked");
    private Side far; // the one that was asked last
    private long timer = -1;
    private Candidate asking; // the last one
    private int attempt;
    private boolean joined;

    /** @param candidates asked once for OPEN, again and again for RESUME */
    Opening(
            Vertx vertx,
            String self,
            Ways ways,
            SpliceMetrics metrics,
            Traffic traffic,
            LinkTunnels from,
            int channel,
            Message message,
            long userLimit,
            Supplier<List<Candidate>> candidates) {
        this.vertx = vertx;
        this.context = from.link().context();
        this.self = self;
        this.ways = ways;
        this.metrics = metrics;
        this.traffic = traffic;
        this.message = message;
        this.again = candidates;
        this.candidates = new ArrayDeque<>(candidates.get());
        this.near = new Side(from, false, this, traffic);
        near.on(channel);
        from.accept(channel, near);
        this.granted = near.out(message.consumed(), userLimit);
    }

    void begin() {
        timer = vertx.setTimer(ANSWER.toMillis(), late -> tooLate());
        next();
    }

    /** Ends it, whether it is open already or on its way. */
    void cut(CloseCode code, String detail) {
        if (near.isOver()) {
            return;
        }
        if (!joined) {
            vertx.cancelTimer(timer);
            attempt++;
            giveUpFar();
        }
        near.cut(code, detail);
    }

    private void next() {
        if (near.isOver()) {
            return;
        }
        Candidate candidate = candidates.poll();
        if (candidate == null) {
            nobody();
            return;
        }
        int asked = ++attempt;
        asking = candidate;
        if (candidate.gatewayId().equals(self)) {
            ways.here(candidate.agentId().orElseThrow())
                    .ifPresentOrElse(link -> ask(asked, candidate, link), this::next);
        } else {
            ways.to(candidate.gatewayId())
                    .onComplete(dialled -> context.runOnContext(now -> {
                        if (dialled.succeeded()) {
                            ask(asked, candidate, dialled.result());
                        } else {
                            next();
                        }
                    }));
        }
    }

    private void ask(int asked, Candidate candidate, LinkTunnels link) {
        if (near.isOver() || asked != attempt) {
            return;
        }
        Far watcher = new Far(asked);
        Side side = new Side(link, true, watcher, traffic);
        watcher.side = side;
        far = side;
        link.link().context().runOnContext(there -> {
            if (link.isOpen() && link.count() < LinkTunnels.MOST) {
                side.in(message.consumed(), granted);
                side.on(link.open(message.type(), message.to(candidate, granted), side));
            } else {
                context.runOnContext(now -> failed(asked));
            }
        });
    }

    private void failed(int asked) {
        if (asked == attempt) {
            next();
        }
    }

    private void refused(int asked, Close close) {
        if (asked == attempt) {
            refusal = close;
            if (mayLast(close.getCode())) {
                tellFailed(close.getDetail());
            }
            if (mayBeElsewhere(close.getCode())) {
                next();
            } else {
                over(close);
            }
        }
    }

    /** Whether another agent may have what this one has not. */
    private boolean mayBeElsewhere(CloseCode code) {
        return switch (code) {
            case TARGET_REFUSED, TARGET_UNREACHABLE, UNKNOWN_RESOURCE, AGENT_OFFLINE, TOO_MANY -> true;
            case UNKNOWN_TUNNEL, BAD_PROOF, OUTDATED, FORBIDDEN, IDLE, TOO_LONG, CUT, FAULT, DONE -> false;
            case RESET_BY_USER, RESET_BY_TARGET, UNRECOGNIZED -> false;
        };
    }

    /** Whether the same agent would most likely say it again. */
    private static boolean mayLast(CloseCode code) {
        return code == CloseCode.TARGET_REFUSED || code == CloseCode.TARGET_UNREACHABLE || code == CloseCode.TOO_MANY;
    }

    private void tellFailed(String reason) {
        asking.agentId().ifPresent(agent -> traffic.failed(agent, reason));
    }

    private void nobody() {
        if (message.type() == FrameType.OPEN) {
            over(refusal);
        } else if (System.nanoTime() - until < 0) {
            vertx.setTimer(LOOK.toMillis(), look -> {
                candidates.addAll(again.get());
                next();
            });
        } else {
            vertx.cancelTimer(timer);
            near.detach("the agent is not linked");
        }
    }

    private void over(Close close) {
        vertx.cancelTimer(timer);
        metrics.refused(close.getCode());
        near.close(close.getCode(), close.getDetail());
    }

    private void tooLate() {
        attempt++;
        giveUpFar();
        if (message.type() == FrameType.OPEN) {
            if (asking != null) {
                tellFailed("no answer within " + ANSWER.toSeconds() + " s");
            }
            over(closed(CloseCode.TARGET_UNREACHABLE, "no answer within " + ANSWER.toSeconds() + " s"));
        } else {
            near.detach("no answer within " + ANSWER.toSeconds() + " s");
        }
    }

    private void giveUpFar() {
        Side asked = far;
        if (asked != null) {
            boolean resume = message.type() == FrameType.RESUME; // the tunnel outlives this attempt
            asked.link().link().context().runOnContext(there -> {
                if (resume) {
                    asked.detach("the user's link has ended");
                } else {
                    asked.close(CloseCode.RESET_BY_USER, "the user's end has given up");
                }
            });
        }
    }

    /** OPENED has come to the far side, which is joined already. */
    private void opened(int asked, Side side, Opened opened, long grantedUp) {
        if (asked != attempt || near.isOver()) {
            giveUpFar();
            return;
        }
        vertx.cancelTimer(timer);
        metrics.attached(message.type() == FrameType.RESUME);
        near.in(opened.getConsumed(), grantedUp);
        near.join(side);
        joined = true;
        near.link()
                .send(
                        FrameType.OPENED,
                        near.number(),
                        message.answer(opened.toBuilder().setLimit(grantedUp).build()));
    }

    // The near side says ---------------------------------------------------------------------------------------------

    @Override
    public void answered(Frame frame) throws ProtocolException {
        if (frame.type() != FrameType.CLOSE) {
            throw new ProtocolException(ErrorCode.BAD_ORDER, frame.type() + " is not for a user's end to send");
        }
        vertx.cancelTimer(timer);
        near.gone();
        attempt++;
        giveUpFar();
    }

    @Override
    public void lost(String reason) {
        vertx.cancelTimer(timer);
        attempt++;
        giveUpFar();
    }

    /** What the far side says, on its own context. */
    private final class Far implements Side.Watcher {

        private final int asked;
        private Side side;

        Far(int asked) {
            this.asked = asked;
        }

        @Override
        public void answered(Frame frame) throws ProtocolException {
            if (frame.type() == FrameType.CLOSE) {
                Close close = TunnelLimits.close(frame.payload());
                side.gone();
                context.runOnContext(now -> refused(asked, close));
                return;
            }
            Opened opened = TunnelLimits.opened(frame.payload());
            UUID agent = Ids.uuid("OPENED.agent_id", opened.getAgentId());
            long grantedUp = side.out(opened.getConsumed(), opened.getLimit());
            side.join(near);
            side.cross(() -> {
                traffic.opened(agent);
                opened(asked, side, opened, grantedUp);
            });
        }

        @Override
        public void lost(String reason) {
            context.runOnContext(now -> failed(asked));
        }
    }

    private static Close closed(CloseCode code, String detail) {
        return Close.newBuilder().setCode(code).setDetail(detail).build();
    }
}
