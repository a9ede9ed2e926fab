package dev.gatehouse.gateway.agentlink;

import dev.gatehouse.shared.bus.Addresses;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Tells the other gateways of this one's links and listens to theirs. What happens within {@link #PERIOD} goes out together; a gateway that is heard for the first time is told everything.
 *
 * <p>Runs on a context of its own; {@link #announce} may be called from any thread.
 */
final class LinkNotices {

    /** A gateway says at least this often that it is there. */
    private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(10);

    /** How often agents that have long had no link are forgotten. */
    private static final Duration SWEEP = Duration.ofMinutes(1);

    /** For how long notices are collected. */
    static final Duration PERIOD = Duration.ofMillis(20);

    private final Vertx vertx;
    private final Context context;
    private final String self;
    private final GatewayDirectory directory;
    private final LinkRegistry registry;
    private final ConcurrentLinkedQueue<LinkNotice.Item> waiting = new ConcurrentLinkedQueue<>();
    private final Set<String> heard = new HashSet<>(); // other gateways that have been told everything
    private MessageConsumer<LinkNotice> consumer;
    private long timer = -1;
    private long sweep = -1;
    private long sentAt;

    LinkNotices(Vertx vertx, String self, GatewayDirectory directory) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.self = self;
        this.directory = directory;
        this.registry = new LinkRegistry(self, this::announce);
    }

    /** The registry that it speaks for. */
    LinkRegistry registry() {
        return registry;
    }

    static void registerCodec(Vertx vertx) {
        try {
            vertx.eventBus().registerDefaultCodec(LinkNotice.class, new LinkNoticeCodec());
        } catch (IllegalStateException known) {
            // the event bus cannot be asked whether it knows a codec
        }
    }

    Future<Void> start() {
        consumer = vertx.eventBus().consumer(Addresses.PRESENCE, message -> heard(message.body()));
        context.runOnContext(go -> {
            timer = vertx.setPeriodic(PERIOD.toMillis(), tick -> tell());
            sweep = vertx.setPeriodic(SWEEP.toMillis(), tick -> registry.forget(System.nanoTime()));
        });
        return consumer.completion().onSuccess(listening -> context.runOnContext(now -> send(List.of())));
    }

    Future<Void> stop() {
        vertx.cancelTimer(timer);
        vertx.cancelTimer(sweep);
        return consumer.unregister();
    }

    /** From any thread. */
    void membersChanged() {
        context.runOnContext(now -> {
            Set<String> live = new HashSet<>(directory.live());
            for (String left : heard.stream().filter(id -> !live.contains(id)).toList()) {
                heard.remove(left);
                directory.left(left);
                registry.gatewayLeft(left);
            }
        });
    }

    private void announce(LinkRegistry.Entry entry, boolean registered) {
        waiting.add(new LinkNotice.Item(entry.claim(), entry.sinceMillis(), registered));
    }

    private void tell() {
        List<LinkNotice.Item> items = new ArrayList<>();
        LinkNotice.Item item = waiting.poll();
        while (item != null) {
            items.add(item);
            if (items.size() == LinkNotice.MAX_ITEMS) {
                send(items);
                items = new ArrayList<>();
            }
            item = waiting.poll();
        }
        if (!items.isEmpty() || System.nanoTime() - sentAt > SIGN_OF_LIFE.toNanos()) {
            send(items);
        }
    }

    private void send(List<LinkNotice.Item> items) {
        sentAt = System.nanoTime();
        if (vertx.isClustered()) {
            vertx.eventBus()
                    .publish(
                            Addresses.PRESENCE,
                            new LinkNotice(self, directory.ownAddress(), directory.ownPeerAddress(), items));
        }
    }

    private void heard(LinkNotice notice) {
        if (notice.gatewayId().equals(self)) {
            return;
        }
        directory.tell(notice.gatewayId(), notice.address());
        directory.tellPeer(notice.gatewayId(), notice.peerAddress());
        if (heard.add(notice.gatewayId())) {
            registry.forEachHere(entry -> announce(entry, true));
            send(List.of()); // at least the address
        }
        for (LinkNotice.Item item : notice.items()) {
            if (item.registered()) {
                registry.registeredElsewhere(
                        new LinkRegistry.Entry(item.claim(), notice.gatewayId(), item.sinceMillis(), null));
            } else {
                registry.goneElsewhere(notice.gatewayId(), item.claim());
            }
        }
    }
}
