package dev.gatehouse.gateway.peer;

import dev.gatehouse.gateway.splice.Switchboard;
import dev.gatehouse.protocol.transport.Dial;
import dev.gatehouse.protocol.transport.LinkSettings;
import dev.gatehouse.protocol.transport.LinkTunnels;
import dev.gatehouse.protocol.transport.Listening;
import dev.gatehouse.shared.node.EndpointKeys;
import dev.gatehouse.shared.node.Node;
import dev.gatehouse.shared.settings.HostPort;
import dev.gatehouse.shared.trust.NodeIdentity;
import io.micrometer.core.instrument.Gauge;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.net.NetServerOptions;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;

/**
 * All links between this gateway and others: mutual TLS by the CA of nodes, dialled when a tunnel needs one, at most one for each event loop and gateway. Thread-safe.
 */
public final class Peers {

    /** Has Vert.x choose one free port for all instances. */
    private static final int SHARED_FREE_PORT = -5;

    private final Node node;
    private final Function<String, Optional<HostPort>> addresses;
    private final List<PeerVerticle> verticles = new CopyOnWriteArrayList<>();
    private final List<Dial> dials = new ArrayList<>(); // guarded by this
    private NodeIdentity identity; // of the newest dial; guarded by this
    private volatile int port;
    private String deployment;

    /** @param addresses where each gateway is reached by others, as far as is known */
    public Peers(Node node, Function<String, Optional<HostPort>> addresses) {
        this.node = node;
        this.addresses = addresses;
        Gauge.builder(
                        "gatehouse_gateway_peer_links",
                        () -> verticles.stream().mapToInt(PeerVerticle::count).sum())
                .description("Links with other gateways, either way")
                .register(node.meters());
    }

    public Future<Void> start(Switchboard switchboard, EndpointKeys keys, X509Certificate nodesCa) {
        HostPort address = node.settings().endpoints().peer().bindingAddress();
        NetServerOptions options = Listening.tls(keys.chain(), keys.key(), List.of(nodesCa))
                .setHost(address.host())
                .setPort(address.port() == 0 ? SHARED_FREE_PORT : address.port());
        return node.vertx()
                .deployVerticle(
                        () -> {
                            PeerVerticle verticle =
                                    new PeerVerticle(options, switchboard, this::dial, bound -> port = bound);
                            verticles.add(verticle);
                            return verticle;
                        },
                        new DeploymentOptions()
                                .setInstances(Runtime.getRuntime().availableProcessors()))
                .onSuccess(id -> deployment = id)
                .mapEmpty();
    }

    /** Where gateways are listened to, once started. */
    public int port() {
        return port;
    }

    /** Shows another certificate to gateways that link from now on. */
    public Future<?> show(EndpointKeys keys) {
        return verticles.getFirst().show(keys);
    }

    /** A link to the gateway; fails when it cannot be reached. */
    public Future<LinkTunnels> to(String gatewayId) {
        Optional<HostPort> address = addresses.apply(gatewayId);
        if (address.isEmpty()) {
            return Future.failedFuture("the address of gateway " + gatewayId + " is not known");
        }
        int loop = ThreadLocalRandom.current().nextInt(verticles.size());
        return verticles.get(loop).to(gatewayId, address.get());
    }

    /** One for the node's newest certificate. */
    private synchronized Dial dial() {
        NodeIdentity now = node.certificates().identity();
        if (!now.equals(identity)) {
            identity = now;
            dials.add(new Dial(node.vertx(), LinkSettings.DEFAULT, now.chainPem(), now.keyPem(), List.of(now.ca())));
        }
        return dials.getLast();
    }

    public Future<Void> close() {
        Future<Void> closing =
                deployment == null ? Future.succeededFuture() : node.vertx().undeploy(deployment);
        synchronized (this) {
            for (Dial dial : dials) {
                closing = closing.eventually(dial::close);
            }
        }
        return closing;
    }
}
