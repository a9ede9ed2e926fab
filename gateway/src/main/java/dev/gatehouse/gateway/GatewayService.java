package dev.gatehouse.gateway;

import dev.gatehouse.gateway.agentlink.AgentLinks;
import dev.gatehouse.gateway.agentlink.GatewayDirectory;
import dev.gatehouse.gateway.catalog.CatalogCache;
import dev.gatehouse.gateway.catalog.CatalogVerticle;
import dev.gatehouse.gateway.catalog.RegisteredList;
import dev.gatehouse.gateway.choice.AffinityKey;
import dev.gatehouse.gateway.choice.Choice;
import dev.gatehouse.gateway.choice.ExplainVerticle;
import dev.gatehouse.gateway.enrol.EnrolRoutes;
import dev.gatehouse.gateway.peer.Peers;
import dev.gatehouse.gateway.session.SessionReporter;
import dev.gatehouse.gateway.session.SessionWriter;
import dev.gatehouse.gateway.session.Sessions;
import dev.gatehouse.gateway.splice.Replicas;
import dev.gatehouse.gateway.splice.SpliceMetrics;
import dev.gatehouse.gateway.splice.Switchboard;
import dev.gatehouse.gateway.userlink.UserLinks;
import dev.gatehouse.gateway.userlink.Users;
import dev.gatehouse.gateway.web.AccessVerticle;
import dev.gatehouse.protocol.identity.Pem;
import dev.gatehouse.protocol.transport.Listening;
import dev.gatehouse.protocol.transport.Tls;
import dev.gatehouse.shared.bus.Bus;
import dev.gatehouse.shared.cluster.Cluster;
import dev.gatehouse.shared.cluster.Role;
import dev.gatehouse.shared.custody.BusCustody;
import dev.gatehouse.shared.custody.Custody;
import dev.gatehouse.shared.node.EndpointKeys;
import dev.gatehouse.shared.node.EndpointsSettings.Endpoint;
import dev.gatehouse.shared.node.Node;
import dev.gatehouse.shared.node.Service;
import dev.gatehouse.shared.people.AccessView;
import dev.gatehouse.shared.people.SignIns;
import dev.gatehouse.shared.presence.ResourceTable;
import dev.gatehouse.shared.record.RegisteredRecords;
import dev.gatehouse.shared.record.ResourceRecords;
import dev.gatehouse.shared.session.SessionCopies;
import dev.gatehouse.shared.settings.AccessSettings;
import dev.gatehouse.shared.settings.HostPort;
import dev.gatehouse.shared.status.Health.Effect;
import dev.gatehouse.shared.trust.Revocations;
import dev.gatehouse.shared.trust.Topics;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A gateway: agents' links, enrolment, and the way of their chunks to the ingest-workers. */
public final class GatewayService implements Service {

    /** A view of what is revoked that is older than this is worth a word. */
    private static final Duration STALE = Duration.ofSeconds(30);

    /** Agents that were told to go wait for what they have on its way: so many times the spread at most. */
    private static final int DRAIN_PATIENCE = 3;

    private static final Duration CHECK_LIMIT = Duration.ofSeconds(1);
    private static final Set<String> ANY_HOST = Set.of("0.0.0.0", "::", "0:0:0:0:0:0:0:0");

    /** Has Vert.x choose one free port for all instances, another than that of the agents. */
    private static final int SHARED_FREE_PORT = -2;

    private static final int SHARED_FREE_PROXY_PORT = -4;

    private volatile List<Integer> accessPorts = List.of(0, 0);
    private final List<AccessVerticle> accessVerticles = new CopyOnWriteArrayList<>();
    private AgentLinks links;
    private Peers peers;
    private String access;
    private String reporter;

    @Override
    public Role role() {
        return Role.GATEWAY;
    }

    /** Where agents are listened to, once started. */
    public int agentPort() {
        return links.port();
    }

    /** Where HTTPS is listened to, once started. */
    public int accessPort() {
        return accessPorts.getFirst();
    }

    /** Where a balancer brings agents to, once started and if set. */
    public int agentProxyPort() {
        return links.proxyPort();
    }

    /** Where a balancer brings HTTPS to, once started and if set. */
    public int accessProxyPort() {
        return accessPorts.get(1);
    }

    @Override
    public Future<Void> start(Node node) {
        X509Certificate agentsCa;
        String nodesCa;
        EndpointKeys agentKeys;
        EndpointKeys accessKeys;
        EndpointKeys peerKeys;
        X509Certificate peersCa;
        try {
            agentsCa = Pem.certificates(
                            Files.readString(node.settings().custody().agentsCaFile()))
                    .getFirst();
            nodesCa = Files.readString(node.settings().custody().nodesCaFile());
            agentKeys = node.certificates()
                    .keys("agent", node.settings().endpoints().agent());
            accessKeys = node.certificates()
                    .keys("access", node.settings().endpoints().access());
            peerKeys =
                    node.certificates().keys("peer", node.settings().endpoints().peer());
            peersCa = Pem.certificates(nodesCa).getFirst();
        } catch (IOException | CertificateException e) {
            return Future.failedFuture(e);
        }
        Topics topics = new Topics(node.vertx(), node.postgres());
        Revocations revocations = Revocations.follow(topics, node.postgres());
        Custody custody = new BusCustody(node.vertx());
        Endpoint endpoint = node.settings().endpoints().agent();
        GatewayDirectory directory = new GatewayDirectory(
                node.id(), own(endpoint, endpoint.bindingAddress().port()), node.members());
        RegisteredList registered = RegisteredList.follow(topics, new RegisteredRecords(node.postgres()));
        CatalogVerticle catalog = new CatalogVerticle(
                node.id(),
                node.members(),
                new CatalogCache(node.redis(), node.id()),
                new ResourceTable(node.postgres()));
        Choice choice = new Choice(new SplittableRandom());
        AffinityKey affinity = new AffinityKey(node.vertx(), custody);
        affinity.start();
        node.shutdown().add("stop asking for the affinity key", Duration.ofSeconds(1), affinity::stop);
        links = new AgentLinks(node, agentsCa, revocations, custody, directory, catalog, registered);
        peers = new Peers(node, directory::peer);
        KnownNames names = KnownNames.follow(node.vertx(), new ResourceRecords(node.postgres()));
        AccessSettings settings = node.settings().access();
        SignIns signIns = settings.staleRights() == AccessSettings.StaleRights.STRICT
                ? new SignIns(node.postgres(), settings.signIn())
                : SignIns.remembering(node.postgres(), settings.signIn());
        AccessView rights = AccessView.follow(topics, node.postgres());
        Users people = new Users(signIns, rights, settings.staleRights());
        Replicas replicas =
                new CatalogReplicas(node.id(), catalog.catalog(), choice, people, names::contains, affinity::affinity);
        Bus bus = new Bus(node.vertx(), node.members());
        SessionCopies copies = SessionCopies.listen(bus, node.members());
        Sessions sessions = new Sessions(
                node.id(), people, replicas, copies, settings.tunnelsPerUser(), settings.sessionsPerUser());
        Switchboard switchboard = new Switchboard(
                node.vertx(),
                node.id(),
                new AgentWays(links, peers),
                replicas,
                sessions,
                new SpliceMetrics(node.meters()),
                settings.tunnelIdle(),
                settings.tunnelLongest());
        UserLinks users = new UserLinks(node.vertx(), people, switchboard, sessions, node.meters());
        rights.onChange(changed -> {
            if (!changed.isEmpty()) {
                signIns.forget();
                users.check(changed);
            }
            sessions.recheck();
        });

        checks(node, topics);
        node.shutdown().add("stop reading names", Duration.ofSeconds(1), names::stop);
        node.shutdown().add("stop polling topics", Duration.ofSeconds(2), topics::stop);
        node.shutdown().add("stop listening to sessions", Duration.ofSeconds(2), copies::close);
        node.shutdown()
                .add(
                        "write down the last sessions",
                        Duration.ofSeconds(5),
                        () -> node.vertx().undeploy(reporter));
        node.shutdown().add("close the gateway's listeners", Duration.ofSeconds(5), () -> stopListening(node));
        node.shutdown()
                .add(
                        "close agents' links",
                        Duration.ofSeconds(5),
                        links::close); // before: they end with their listener
        node.shutdown().add("close links of gateways", Duration.ofSeconds(5), peers::close);
        node.shutdown()
                .add(
                        "close users' links",
                        Duration.ofSeconds(5),
                        users::close); // before: their tunnels go on elsewhere
        node.shutdown().add("wait for batches in flight", Duration.ofSeconds(5), links::settled);
        Duration spread = node.settings().node().drainSpread();
        Duration patience = spread.multipliedBy(DRAIN_PATIENCE);
        node.shutdown().add("send agents elsewhere", patience.plusSeconds(1), () -> links.drain(spread, patience));

        SessionWriter writer = new SessionWriter(node.postgres(), node.meters());
        return node.vertx()
                .deployVerticle(new SessionReporter(bus, node.id(), sessions, writer))
                .onSuccess(id -> reporter = id)
                .compose(reporting -> topics.start())
                .compose(polled -> node.vertx().deployVerticle(catalog))
                .compose(deployed ->
                        node.vertx().deployVerticle(new ExplainVerticle(node.id(), catalog::catalog, choice)))
                .compose(deployed -> peers.start(switchboard, peerKeys, peersCa))
                .onSuccess(listening -> directory.tellPeer(node.id(), ownPeer(node)))
                .compose(listening -> links.start(agentKeys))
                .onSuccess(listening -> directory.tell(node.id(), own(endpoint, links.port())))
                .compose(listening -> node.vertx()
                        .deployVerticle(
                                () -> {
                                    AccessVerticle verticle = new AccessVerticle(
                                            https(node.settings().endpoints().access(), accessKeys),
                                            links,
                                            users,
                                            new EnrolRoutes(custody, nodesCa, request -> addresses(directory, request)),
                                            ports -> accessPorts = ports);
                                    accessVerticles.add(verticle);
                                    return verticle;
                                },
                                new DeploymentOptions()
                                        .setInstances(Runtime.getRuntime().availableProcessors())))
                .onSuccess(id -> access = id)
                .onSuccess(id -> {
                    node.certificates().follow("agent", endpoint, agentKeys, links::show);
                    node.certificates()
                            .follow("peer", node.settings().endpoints().peer(), peerKeys, peers::show);
                    node.certificates()
                            .follow(
                                    "access",
                                    node.settings().endpoints().access(),
                                    accessKeys,
                                    accessVerticles.getFirst()::show);
                })
                .mapEmpty();
    }

    private Future<Void> stopListening(Node node) {
        return links.stopListening()
                .eventually(() -> access == null
                        ? Future.<Void>succeededFuture()
                        : node.vertx().undeploy(access));
    }

    /** Nothing that others provide makes a gateway unable to do its work: its agents keep what cannot go on. */
    private void checks(Node node, Topics topics) {
        node.health()
                .register(
                        "agent endpoint",
                        Effect.DOWN,
                        CHECK_LIMIT,
                        () -> links.port() != 0 && !links.isDraining()
                                ? Future.succeededFuture()
                                : Future.failedFuture("agents are not listened to"));
        node.health()
                .register(
                        "ingest-workers",
                        Effect.DEGRADED,
                        CHECK_LIMIT,
                        () -> node.members().with(Role.INGEST_WORKER).isEmpty()
                                ? Future.failedFuture("no ingest-worker is live: agents keep what they capture")
                                : Future.succeededFuture());
        node.health()
                .register(
                        "revocations",
                        Effect.DEGRADED,
                        CHECK_LIMIT,
                        () -> topics.age().compareTo(STALE) > 0
                                ? Future.failedFuture(
                                        "not known for " + topics.age().toSeconds() + " s")
                                : Future.succeededFuture());
    }

    private static List<HttpServerOptions> https(Endpoint endpoint, EndpointKeys keys) {
        List<HttpServerOptions> listeners = new ArrayList<>();
        listeners.add(https(endpoint.bindingAddress(), SHARED_FREE_PORT, keys));
        endpoint.proxyAddress()
                .ifPresent(
                        address -> listeners.add(Listening.behindProxy(https(address, SHARED_FREE_PROXY_PORT, keys))));
        return listeners;
    }

    private static HttpServerOptions https(HostPort address, int anyPort, EndpointKeys keys) {
        HttpServerOptions options = new HttpServerOptions()
                .setHost(address.host())
                .setPort(address.port() == 0 ? anyPort : address.port())
                .setSsl(true)
                .setSslEngineOptions(Tls.engine())
                .setKeyCertOptions(keys.options())
                .setEnabledSecureTransportProtocols(Set.of("TLSv1.2", "TLSv1.3"))
                .setSslHandshakeTimeout(5)
                .setSslHandshakeTimeoutUnit(TimeUnit.SECONDS)
                .setAcceptBacklog(Listening.BACKLOG)
                .setIdleTimeout(60)
                .setTcpNoDelay(true);
        return Listening.webSocket(options);
    }

    /** Where agents reach this gateway, empty if that is not known. */
    private static String own(Endpoint endpoint, int port) {
        Optional<HostPort> told = endpoint.serverAddress();
        HostPort bound = new HostPort(endpoint.bindingAddress().host(), port);
        return told.isPresent() ? told.get().toString() : ANY_HOST.contains(bound.host()) ? "" : bound.toString();
    }

    /** Gateways reach each other where the event bus does, if nothing else is said. */
    private String ownPeer(Node node) {
        String known = own(node.settings().endpoints().peer(), peers.port());
        return known.isEmpty()
                ? new HostPort(
                                Cluster.addresses(node.settings().cluster())
                                        .iterator()
                                        .next(),
                                peers.port())
                        .toString()
                : known;
    }

    /** Without any known address: the host that the agent has reached, and the port of agents. */
    private List<String> addresses(GatewayDirectory directory, HttpServerRequest request) {
        List<String> known = directory.dialable();
        return known.isEmpty() && request.authority() != null
                ? List.of(new HostPort(request.authority().host(), links.port()).toString())
                : known;
    }
}
