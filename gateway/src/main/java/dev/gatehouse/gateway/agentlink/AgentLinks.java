package dev.gatehouse.gateway.agentlink;

import dev.gatehouse.gateway.catalog.CatalogVerticle;
import dev.gatehouse.gateway.catalog.RegisteredList;
import dev.gatehouse.gateway.forward.CaptureBudget;
import dev.gatehouse.protocol.message.ErrorCode;
import dev.gatehouse.protocol.message.LinkError;
import dev.gatehouse.protocol.transport.Link;
import dev.gatehouse.protocol.transport.LinkSettings;
import dev.gatehouse.protocol.transport.LinkTunnels;
import dev.gatehouse.protocol.transport.Listening;
import dev.gatehouse.shared.bus.Addresses;
import dev.gatehouse.shared.bus.Progress;
import dev.gatehouse.shared.custody.Custody;
import dev.gatehouse.shared.node.EndpointKeys;
import dev.gatehouse.shared.node.EndpointsSettings.Endpoint;
import dev.gatehouse.shared.node.Node;
import dev.gatehouse.shared.presence.PresenceCache;
import dev.gatehouse.shared.presence.PresenceTable;
import dev.gatehouse.shared.settings.CaptureSettings;
import dev.gatehouse.shared.settings.HostPort;
import dev.gatehouse.shared.trust.Revocations;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.OpenSSLEngineOptions;
import io.vertx.core.net.TrustOptions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.ToDoubleFunction;

/**
 * All agents' links of a gateway: what is started, asked and stopped of them. Thread-safe, but for {@link #host}.
 */
public final class AgentLinks {

    private static final int LOOK_MILLIS = 50;

    /** Has Vert.x choose one free port for all instances, where 0 would give each its own. */
    private static final int SHARED_FREE_PORT = -1;

    private static final int SHARED_FREE_PROXY_PORT = -3;

    private final GatewayLinks gateway;
    private final LinkHosts hosts = new LinkHosts();
    private final List<AgentLinkVerticle> verticles = new CopyOnWriteArrayList<>();
    private final LinkNotices notices;
    private final PresenceReporter presence;
    private final LinkSettings settings;
    private MessageConsumer<Progress> progress;
    private String deployment;
    private volatile List<LinkHost.Load> load = List.of();
    private long loadTimer = -1;

    /** @param catalog is deployed before the first link */
    public AgentLinks(
            Node node,
            X509Certificate agentsCa,
            Revocations revocations,
            Custody custody,
            GatewayDirectory directory,
            CatalogVerticle catalog,
            RegisteredList registered) {
        CaptureSettings capture = node.settings().capture();
        LinkNotices.registerCodec(node.vertx());
        this.notices = new LinkNotices(node.vertx(), node.id(), directory);
        this.settings = LinkSettings.silence(capture.silence());
        this.gateway = new GatewayLinks(
                node,
                agentsCa,
                revocations,
                custody,
                notices.registry(),
                catalog,
                registered,
                new Admission(capture.maxHandshakes(), capture.maxLinks()),
                new CaptureBudget(capture.gatewayBudget().bytes()),
                directory,
                new LinkMetrics(node.meters()),
                new AtomicBoolean());
        this.presence = new PresenceReporter(
                node.vertx(),
                node.id(),
                gateway.registry(),
                directory,
                new PresenceTable(node.postgres()),
                new PresenceCache(node.redis()));
        registered.onChange(() -> hosts.forEach(AgentLink::tellRegistered));
        revocations.onChange(() -> hosts.forEach(AgentLink::checkRevoked));
        node.members().onChange(() -> {
            hosts.membersChanged();
            notices.membersChanged();
        });
        gauges();
    }

    /**
     * Listens for workers' progress and for agents.
     *
     * @param keys of the endpoint
     */
    public Future<Void> start(EndpointKeys keys) {
        NetServerOptions options = Listening.tls(keys.chain(), keys.key(), List.of(gateway.agentsCa()));
        options.setTrustOptions(TrustOptions.wrap(new AgentTrust(gateway.agentsCa())));
        if (options.getSslEngineOptions() instanceof OpenSSLEngineOptions engine) {
            options.setSslEngineOptions(new AdmittingEngine(engine, gateway.admission(), gateway.metrics()));
        }
        List<NetServerOptions> listeners = new ArrayList<>();
        Endpoint endpoint = gateway.node().settings().endpoints().agent();
        listeners.add(bound(new NetServerOptions(options), endpoint.bindingAddress(), SHARED_FREE_PORT));
        endpoint.proxyAddress()
                .ifPresent(address -> listeners.add(
                        bound(Listening.behindProxy(new NetServerOptions(options)), address, SHARED_FREE_PROXY_PORT)));
        progress = gateway.node()
                .vertx()
                .eventBus()
                .consumer(Addresses.progress(gateway.node().id()), message -> hosts.progress(message.body()));
        presence.start();
        loadTimer =
                gateway.node().vertx().setPeriodic(1_000, tick -> hosts.load().onSuccess(now -> load = now));
        return progress.completion()
                .compose(listening -> notices.start())
                .compose(listening -> gateway.node()
                        .vertx()
                        .deployVerticle(
                                () -> {
                                    AgentLinkVerticle verticle =
                                            new AgentLinkVerticle(gateway, hosts, listeners, settings);
                                    verticles.add(verticle);
                                    return verticle;
                                },
                                new DeploymentOptions()
                                        .setInstances(Runtime.getRuntime().availableProcessors())))
                .onSuccess(id -> deployment = id)
                .mapEmpty();
    }

    private static NetServerOptions bound(NetServerOptions options, HostPort address, int anyPort) {
        return options.setHost(address.host()).setPort(address.port() == 0 ? anyPort : address.port());
    }

    /** Shows another certificate to whoever links from now on. */
    public Future<Void> show(EndpointKeys keys) {
        return verticles.getFirst().show(keys);
    }

    /** Where agents are listened to. */
    public int port() {
        return hosts.port();
    }

    /** Where a balancer is listened to, if one is. */
    public int proxyPort() {
        return hosts.proxyPort();
    }

    /** A host for the WebSocket links of the caller's context. */
    public WebSocketLinks host() {
        LinkHost host = hosts.add(gateway);
        return socket -> host.accept(
                Link.over(host.vertx(), socket, settings), Identification.BySignature.fresh(), System.nanoTime());
    }

    /** Takes over an accepted WebSocket, on the context it was made for. */
    @FunctionalInterface
    public interface WebSocketLinks {
        void accept(ServerWebSocket socket);
    }

    /** The agent's link here, for tunnels; belongs to its own context. */
    public Optional<LinkTunnels> tunnels(UUID agentId) {
        return gateway.registry().here(agentId).stream()
                .map(LinkRegistry.Handle::tunnels)
                .findFirst();
    }

    /** Other gateways at which the agent has a link. */
    public List<String> elsewhere(UUID agentId) {
        return gateway.registry().elsewhere(agentId);
    }

    public boolean isDraining() {
        return gateway.draining().get();
    }

    // Its end, in this order -----------------------------------------------------------------------------------------

    /**
     * No new links; those that are here are told to go elsewhere, each at a random time of the spread, so that they do not come to the other gateways all at once. Completes when the last has gone, or when the patience
     * ends.
     */
    public Future<Void> drain(Duration spread, Duration patience) {
        gateway.draining().set(true);
        Vertx vertx = gateway.node().vertx();
        hosts.forEach(link -> vertx.setTimer(
                1 + ThreadLocalRandom.current().nextLong(spread.toMillis()),
                now -> link.goAway("this gateway is leaving", 0)));
        long until = System.nanoTime() + patience.toNanos();
        Promise<Void> gone = Promise.promise();
        // on a context: from another thread the first look may come before there is a timer to cancel
        vertx.runOnContext(begin -> vertx.setPeriodic(1, LOOK_MILLIS, look -> {
            if (gateway.admission().links() == 0 || System.nanoTime() - until >= 0) {
                vertx.cancelTimer(look);
                gone.complete();
            }
        }));
        return gone.future();
    }

    /** Completes when every batch that was sent has its answer, or a little later all the same. */
    public Future<Void> settled() {
        return hosts.settled();
    }

    public Future<Void> close() {
        gateway.node().vertx().cancelTimer(loadTimer);
        return hosts.close(LinkError.newBuilder()
                        .setCode(ErrorCode.DRAINING)
                        .setDetail("this gateway is leaving")
                        .build())
                .eventually(presence::stop)
                .eventually(notices::stop)
                .eventually(() -> progress == null ? Future.<Void>succeededFuture() : progress.unregister());
    }

    public Future<Void> stopListening() {
        return deployment == null
                ? Future.succeededFuture()
                : gateway.node().vertx().undeploy(deployment);
    }

    private void gauges() {
        LinkMetrics metrics = gateway.metrics();
        Admission admission = gateway.admission();
        metrics.gauge("links", "Registered links", admission::links);
        metrics.gauge("handshakes", "TLS handshakes in progress", admission::handshakes);
        metrics.gauge("budget_used_bytes", "Bytes of the capture budget granted to links", gateway.budget()::used);
        metrics.gauge("batches_in_flight", "Batches without an answer", () -> sum(LinkHost.Load::batchesInFlight));
        metrics.gauge(
                "unaccepted_bytes",
                "Bytes of chunks that no worker has accepted",
                () -> sum(LinkHost.Load::unacceptedBytes));
        metrics.gauge(
                "durable_lag_now_seconds",
                "For how long the stream that waits longest has had no progress",
                () -> load.stream().mapToLong(LinkHost.Load::lagNanos).max().orElse(0) / 1e9);
    }

    private double sum(ToDoubleFunction<LinkHost.Load> value) {
        return load.stream().mapToDouble(value).sum();
    }
}
