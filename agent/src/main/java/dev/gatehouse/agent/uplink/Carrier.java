package dev.gatehouse.agent.uplink;

import dev.gatehouse.agent.spool.Spool;
import dev.gatehouse.protocol.link.FromGateway;
import dev.gatehouse.protocol.message.Control;
import dev.gatehouse.protocol.message.StreamOpen;
import dev.gatehouse.protocol.transport.Priority;
import dev.gatehouse.protocol.wire.Frame;
import dev.gatehouse.protocol.wire.FrameType;
import dev.gatehouse.protocol.wire.Ids;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries what is captured over one link: does what its {@link Uplink} decides. Confined to the link's context; the spool is read on a thread of its own. */
final class Carrier {

    private static final Logger log = LoggerFactory.getLogger(Carrier.class);

    /**
     * What carriers of all links share.
     *
     * @param reader of the spool, one thread
     *
     * @param changed the spool or the link may have: plan again, soon
     *
     * @param forked the spool has given a stream its new name; on the context
     */
    record Shared(
            Spool spool,
            Acks acks,
            Executor reader,
            Context context,
            Runnable changed,
            Consumer<UUID> forked,
            Consumer<String> complain) {}

    private final LinkSlot slot;
    private final Shared shared;
    private final Uplink uplink;
    private boolean over;

    Carrier(LinkSlot slot, Shared shared) {
        this.slot = slot;
        this.shared = shared;
        this.uplink = new Uplink(slot.end(), shared.spool());
    }

    LinkSlot slot() {
        return slot;
    }

    /** The link is down. */
    void over() {
        over = true;
    }

    void forked(UUID stream) {
        uplink.forked(stream);
    }

    void received(FromGateway frame) {
        switch (frame) {
            case FromGateway.Said said
            when said.control().getBodyCase() == Control.BodyCase.REWIND -> {
                log.info(
                        "Gateway {} rewinds: {}",
                        slot.gateway(),
                        said.control().getRewind().getReason());
                uplink.rewound(System.nanoTime());
            }
            case FromGateway.StreamAnswered answered ->
                perform(uplink.answered(answered.channel(), answered.opened(), System.nanoTime()));
            case FromGateway.Acked acked -> perform(uplink.acked(acked.channel(), acked.ack()));
            case FromGateway.Raised raised -> {}
            case FromGateway.Said said -> {
                return;
            }
            case FromGateway.OfTunnel tunnel -> {
                return;
            }
            case FromGateway.Outdated outdated -> {
                return;
            }
        }
        shared.changed().run();
    }

    void plan() {
        if (slot.state() == LinkSlot.State.LEAVING && uplink.isSettled()) {
            slot.settled(); // the other link takes over
        }
        if (slot.state() == LinkSlot.State.UP) {
            perform(uplink.plan(
                    System.nanoTime(),
                    slot.link().writable(Priority.EVENTS),
                    slot.link().writable(Priority.BULK)));
        }
    }

    private void perform(List<Action> actions) {
        for (Action action : actions) {
            switch (action) {
                case Action.OpenStream open ->
                    slot.link().send(Frame.of(FrameType.STREAM_OPEN, open.channel(), message(open)));
                case Action.Load load -> load(load);
                case Action.Acked acked -> shared.acks().acked(acked.stream(), acked.next());
                case Action.Fork fork -> {
                    log.warn("Stream {} has other content at the gateway; it goes on as a new one", fork.stream());
                    shared.acks()
                            .fork(
                                    fork,
                                    () -> shared.context()
                                            .runOnContext(
                                                    turn -> shared.forked().accept(fork.stream())));
                }
                case Action.Refused refused ->
                    shared.complain().accept("stream " + refused.stream() + " is refused: " + refused.detail());
            }
        }
    }

    private static StreamOpen message(Action.OpenStream open) {
        return StreamOpen.newBuilder()
                .setStreamId(Ids.bytes(open.stream().alias().id()))
                .setKind(open.stream().info().kind())
                .setSubject(open.stream().info().subject())
                .setMediaType(open.stream().info().mediaType())
                .setName(open.stream().info().name())
                .setFirst(open.first())
                .setOpenedAt(open.stream().info().openedAt())
                .build();
    }

    private void load(Action.Load load) {
        shared.reader().execute(() -> {
            List<Optional<Buffer>> payloads = new ArrayList<>(load.count());
            for (int i = 0; i < load.count(); i++) {
                payloads.add(shared.spool().read(load.stream(), load.from() + i));
            }
            shared.context().runOnContext(turn -> loaded(load, payloads));
        });
    }

    private void loaded(Action.Load load, List<Optional<Buffer>> payloads) {
        if (over) {
            return;
        }
        for (int i = 0; i < payloads.size(); i++) {
            Optional<Buffer> payload = payloads.get(i);
            if (uplink.loaded(load, load.from() + i, payload)) {
                slot.link()
                        .send(
                                new Frame(FrameType.CHUNK, load.channel(), payload.orElseThrow()),
                                load.urgent() ? Priority.EVENTS : Priority.BULK);
            }
        }
        uplink.loadDone(load);
        plan();
    }
}
