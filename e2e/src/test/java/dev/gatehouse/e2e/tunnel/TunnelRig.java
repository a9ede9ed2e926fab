package dev.gatehouse.e2e.tunnel;

import static org.awaitility.Awaitility.await;

import dev.gatehouse.agent.Agent;
import dev.gatehouse.agent.enrol.EnrolClient;
import dev.gatehouse.agent.health.HealthCheck;
import dev.gatehouse.agent.resource.Offer;
import dev.gatehouse.agent.settings.AgentSettings;
import dev.gatehouse.cli.connect.Narrator;
import dev.gatehouse.cli.connect.UserTunnels;
import dev.gatehouse.gateway.GatewayService;
import dev.gatehouse.protocol.identity.Pin;
import dev.gatehouse.protocol.message.CloseCode;
import dev.gatehouse.protocol.resource.ResourceAddress;
import dev.gatehouse.protocol.resource.ResourceKind;
import dev.gatehouse.protocol.socket.PlainSockets;
import dev.gatehouse.protocol.transport.LinkSettings;
import dev.gatehouse.protocol.transport.UserDial;
import dev.gatehouse.shared.audit.Audit;
import dev.gatehouse.shared.custody.BuiltInCustody;
import dev.gatehouse.shared.custody.CustodyEndpoint;
import dev.gatehouse.shared.custody.JoinTokens;
import dev.gatehouse.shared.node.Service;
import dev.gatehouse.shared.people.Passwords;
import dev.gatehouse.shared.people.People;
import dev.gatehouse.shared.people.PersonRole;
import dev.gatehouse.shared.people.SignIns;
import dev.gatehouse.shared.postgres.PostgresSettings;
import dev.gatehouse.shared.testing.TestCas;
import dev.gatehouse.shared.testing.TestNode;
import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/** Two gateways in one cluster, each behind cables of its own for agents and for users; agents with resources; and a user who connects to them. */
final class TunnelRig implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(60);

    final Vertx vertx = Vertx.vertx();
    final List<GatewayService> services = List.of(new GatewayService(), new GatewayService());
    final List<CutRelay> agentCables = new ArrayList<>();
    final List<CutRelay> userCables = new ArrayList<>();
    private final TestCas cas = TestCas.ofJvm();
    private final List<TestNode> nodes = new ArrayList<>();
    private final List<Agent> agents = new ArrayList<>();
    private final BuiltInCustody custody;
    private final PlainSockets sockets = new PlainSockets();
    private final UserDial dial;

    TunnelRig() {
        this(Map.of());
    }

    /** @param more beside the first gateway */
    TunnelRig(Map<String, String> settings, Service... more) {
        for (GatewayService service : services) {
            CutRelay agentCable = new CutRelay(service::agentPort);
            agentCables.add(agentCable);
            userCables.add(new CutRelay(service::accessPort));
            TestNode.Builder builder = TestNode.with()
                    .service(service)
                    .set("endpoints.agent.serverAddress", "127.0.0.1:" + agentCable.port());
            settings.forEach(builder::set);
            if (nodes.isEmpty()) {
                List.of(more).forEach(builder::service);
            }
            nodes.add((nodes.isEmpty() ? builder : builder.beside(nodes.getFirst())).start());
        }
        TestNode first = nodes.getFirst();
        custody = new BuiltInCustody(
                first.node().vertx(),
                first.node().postgres(),
                cas.authorities(),
                first.node().settings().custody(),
                new Audit("test"));
        TestNode.get(first.node().vertx().deployVerticle(new CustodyEndpoint(custody)));
        dial = new UserDial(
                vertx,
                LinkSettings.DEFAULT,
                token("ann", Set.of(PersonRole.ADMINISTRATOR.word())),
                List.of(cas.authorities().nodes().certificate()));
    }

    /** CA of the nodes. */
    X509Certificate authority() {
        return cas.authorities().nodes().certificate();
    }

    /** Where the deployment's own database is, as a target that real clients know. */
    PostgresSettings database() {
        return nodes.getFirst().node().settings().postgres();
    }

    /** A logout. */
    void endSignIn(String token) {
        TestNode.get(new SignIns(nodes.getFirst().node().postgres(), Duration.ofHours(1)).end(token));
    }

    /** A sign-in of a new person. */
    String token(String name, Set<String> roles) {
        TestNode first = nodes.getFirst();
        Passwords passwords = new Passwords(first.node().vertx());
        var person = TestNode.get(new People(first.node().postgres(), passwords, new Audit("test"))
                .create(name, "correct horse battery", roles, "test", ""));
        TestNode.get(passwords.close());
        return TestNode.get(new SignIns(first.node().postgres(), Duration.ofHours(1)).create(person, ""))
                .token();
    }

    /** An agent that offers resources, linked to both gateways, or to those whose cables are whole. */
    Agent agent(Path folder, String name, Map<String, Integer> resources) throws Exception {
        String token = TestNode.get(new JoinTokens(nodes.getFirst().node().postgres(), new Audit("test"))
                        .create(1, Duration.ofMinutes(5), Map.of(), "test", ""))
                .token();
        Path own = folder.resolve(name);
        EnrolClient.enrol(
                        URI.create("https://127.0.0.1:" + services.getFirst().accessPort()),
                        token,
                        Pin.of(cas.authorities().nodes().certificate()),
                        name)
                .save(own);
        List<Offer> offered = new ArrayList<>();
        resources.forEach((resource, port) -> offered.add(offer(resource, port)));
        Agent agent = TestNode.get(
                Agent.start(vertx, own, AgentSettings.DEFAULT.withResources(offered, List.of()), Optional.empty()));
        agents.add(agent);
        return agent;
    }

    private static Offer offer(String resource, int port) {
        ResourceAddress address = ResourceAddress.of(ResourceKind.TCP, "tcp://127.0.0.1:" + port);
        return new Offer(
                resource, ResourceKind.TCP, address, Map.of(), HealthCheck.of("", ResourceKind.TCP, address), 1, false);
    }

    void awaitLinks(Agent agent, int count) {
        await().atMost(PATIENCE)
                .until(() -> agent.links().links().stream()
                                .filter(link -> link.state().equals("up"))
                                .count()
                        == count);
    }

    /** The HTTPS address of a gateway, by its cable. */
    URI access(int gateway) {
        return URI.create("https://127.0.0.1:" + userCables.get(gateway).port());
    }

    /** What a gateway's death looks like to those around it: all that leads to it breaks. */
    void cut(int gateway) {
        agentCables.get(gateway).cut();
        userCables.get(gateway).cut();
    }

    void mend(int gateway) {
        agentCables.get(gateway).mend();
        userCables.get(gateway).mend();
    }

    /** {@code connect} of the user. */
    Connect connect(String resource, Optional<UUID> agent, URI... gateways) {
        return new Connect(dial, resource, agent, List.of(gateways));
    }

    Connect connect(UserDial by, String resource, URI... gateways) {
        return new Connect(by, resource, Optional.empty(), List.of(gateways));
    }

    UserDial dial(String token) {
        return new UserDial(
                vertx,
                LinkSettings.DEFAULT,
                token,
                List.of(cas.authorities().nodes().certificate()));
    }

    /** The dial of ann, an administrator. */
    UserDial dial() {
        return dial;
    }

    /** A link said by hand. */
    RawUser raw(UserDial by, int gateway) {
        return new RawUser(vertx, by, access(gateway));
    }

    /** A local address, and what its user was told. */
    final class Connect implements Narrator, AutoCloseable {

        final List<String> told = new CopyOnWriteArrayList<>();
        final List<CloseCode> broken = new CopyOnWriteArrayList<>();
        private final Context context = vertx.getOrCreateContext();
        private final UserTunnels[] tunnels = new UserTunnels[1];
        private final PlainSockets.Listening listening;

        Connect(UserDial by, String resource, Optional<UUID> agent, List<URI> gateways) {
            Promise<PlainSockets.Listening> bound = Promise.promise();
            context.runOnContext(now -> {
                tunnels[0] = new UserTunnels(vertx, by, gateways, resource, agent, this);
                tunnels[0].begin();
                sockets.listen(context, "127.0.0.1", 0, tunnels[0]::accepted).onComplete(bound);
            });
            listening = TestNode.get(bound.future());
        }

        UUID session() {
            return tunnels[0].session();
        }

        int port() {
            return listening.address().getPort();
        }

        Socket socket() throws IOException {
            return new Socket(InetAddress.getLoopbackAddress(), port());
        }

        @Override
        public void linked(String url, int resumed) {
            told.add("linked " + url + " " + resumed);
        }

        @Override
        public void unlinked(String why) {
            told.add("unlinked " + why);
        }

        @Override
        public void notSignedIn(String why) {
            told.add("not signed in");
        }

        @Override
        public void broken(CloseCode code, String detail, boolean opened) {
            told.add("broken " + code + " " + detail);
            broken.add(code);
        }

        @Override
        public void close() {
            listening.close().run();
            context.runOnContext(now -> tunnels[0].close());
        }
    }

    @Override
    public void close() {
        agents.forEach(agent -> TestNode.get(agent.close()));
        TestNode.get(dial.close());
        sockets.close();
        TestNode.get(custody.close());
        nodes.reversed().forEach(TestNode::close);
        agentCables.forEach(CutRelay::close);
        userCables.forEach(CutRelay::close);
        TestNode.get(vertx.close());
    }
}
