package dev.gatehouse.gateway.agentlink;

import dev.gatehouse.gateway.forward.Forwarder;
import dev.gatehouse.gateway.forward.LinkStreams;
import dev.gatehouse.protocol.message.LinkError;
import dev.gatehouse.protocol.transport.Link;
import dev.gatehouse.protocol.wire.ProtocolException;
import dev.gatehouse.shared.bus.Progress;
import dev.gatehouse.shared.cluster.Member;
import dev.gatehouse.shared.cluster.Role;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/**
 * The links of one context, with the forwarder that carries their chunks. Made on its context and confined to it, but for what says otherwise.
 */
final class LinkHost {

    private static final Duration SETTLE = Duration.ofSeconds(3);

    private final GatewayLinks gateway;
    private final Vertx vertx;
    private final Context context;
    private final Forwarder forwarder;
    private final Set<AgentLink> links = new LinkedHashSet<>();
    private final Set<AgentLink> awaited = new LinkedHashSet<>(); // those without HELLO, the oldest first
    private final long timer;
    private boolean turnHasInput;
    private int chunks;
    private long chunkBytes;

    /**
     * @param instance number of this context among those of its node
     */
    LinkHost(GatewayLinks gateway, int instance) {
        this.gateway = gateway;
        this.vertx = gateway.node().vertx();
        this.context = vertx.getOrCreateContext();
        BusWorkers workers = new BusWorkers(vertx, gateway.metrics());
        this.forwarder = new Forwarder(
                gateway.node().id(),
                instance,
                System.currentTimeMillis() << 16,
                new Forwarder.Limits(
                        gateway.budget(),
                        gateway.node().settings().capture().linkWindow().bytes()),
                workers,
                ThreadLocalRandom.current(),
                gateway.metrics()::durable);
        workers.tell(forwarder, this::input);
        this.timer = vertx.setPeriodic(Forwarder.TICK.toMillis(), tick -> tick());
        members();
    }

    GatewayLinks gateway() {
        return gateway;
    }

    Vertx vertx() {
        return vertx;
    }

    /**
     * Takes over a connection.
     *
     * @param acceptedAt when it was accepted: from then on its HELLO is waited for
     */
    void accept(Link link, Identification identification, long acceptedAt) {
        AgentLink agentLink = new AgentLink(this, link, identification, acceptedAt);
        links.add(agentLink);
        awaited.add(agentLink);
        agentLink.start();
    }

    /** The live workers may have changed. From any thread. */
    void membersChanged() {
        context.runOnContext(now -> members());
    }

    /** From any thread. */
    void progress(Progress progress) {
        context.runOnContext(now -> {
            forwarder.progress(progress, System.nanoTime());
            forwarder.flush(System.nanoTime());
        });
    }

    /** Says something to each link. From any thread. */
    void forEach(Consumer<AgentLink> say) {
        context.runOnContext(now -> List.copyOf(links).forEach(say));
    }

    /** Completes when no batch is without an answer, or after {@link #SETTLE}: what is not accepted comes again elsewhere. From any thread. */
    Future<Void> settled() {
        Promise<Void> settled = Promise.promise();
        long until = System.nanoTime() + SETTLE.toNanos();
        context.runOnContext(go -> vertx.setPeriodic(1, 20, check -> {
            if (forwarder.batchesInFlight() == 0 || System.nanoTime() - until >= 0) {
                vertx.cancelTimer(check);
                settled.tryComplete();
            }
        }));
        return settled.future();
    }

    /** Closes all links and stops its clock. From any thread. */
    Future<Void> close(LinkError reason) {
        Promise<Void> closed = Promise.promise();
        context.runOnContext(now -> {
            List.copyOf(links).forEach(link -> link.close(reason));
            vertx.setPeriodic(1, 20, check -> {
                if (links.isEmpty()) {
                    vertx.cancelTimer(check);
                    vertx.cancelTimer(timer);
                    closed.tryComplete();
                }
            });
        });
        return closed.future();
    }

    // For its links --------------------------------------------------------------------------------------------------

    LinkStreams registered(AgentLink link, UUID agentId) {
        awaited.remove(link);
        return forwarder.link(agentId, link);
    }

    void open(LinkStreams streams, int channel, UUID streamId, Buffer open) throws ProtocolException {
        forwarder.open(streams, channel, streamId, open, System.nanoTime());
        input();
    }

    void chunk(LinkStreams streams, int channel, Buffer payload, long now) throws ProtocolException {
        forwarder.chunk(streams, channel, payload, now);
        chunks++;
        chunkBytes += payload.length();
        input();
    }

    void ended(AgentLink link, LinkStreams streams) {
        links.remove(link);
        awaited.remove(link);
        if (streams != null) {
            forwarder.unlink(streams);
            input();
        }
    }

    /** Chunks that come in one turn go out together after it. */
    private void input() {
        if (!turnHasInput) {
            turnHasInput = true;
            context.runOnContext(afterwards -> {
                turnHasInput = false;
                forwarder.flush(System.nanoTime());
            });
        }
    }

    private void members() {
        forwarder.workers(
                gateway.node().members().with(Role.INGEST_WORKER).stream()
                        .map(Member::id)
                        .toList(),
                System.nanoTime());
        forwarder.flush(System.nanoTime());
    }

    private void tick() {
        long now = System.nanoTime();
        forwarder.tick(now);
        if (chunks > 0) {
            gateway.metrics().received(chunks, chunkBytes);
            chunks = 0;
            chunkBytes = 0;
        }
        Iterator<AgentLink> oldest = awaited.iterator();
        while (oldest.hasNext()) {
            AgentLink link = oldest.next();
            if (link.mayWait(now)) {
                break;
            }
            oldest.remove();
            link.tooLate();
        }
    }

    /** What a scrape asks for. From any thread; a little old. */
    record Load(int batchesInFlight, long unacceptedBytes, long lagNanos) {}

    Future<Load> load() {
        Promise<Load> load = Promise.promise();
        context.runOnContext(now -> load.complete(new Load(
                forwarder.batchesInFlight(), forwarder.unacceptedBytes(), forwarder.lagNanos(System.nanoTime()))));
        return load.future();
    }
}
