package dev.gatehouse.gateway.testing;

import dev.gatehouse.gateway.GatewayService;
import dev.gatehouse.protocol.identity.AgentKey;
import dev.gatehouse.protocol.identity.Csr;
import dev.gatehouse.protocol.identity.Pem;
import dev.gatehouse.shared.audit.Audit;
import dev.gatehouse.shared.cluster.Role;
import dev.gatehouse.shared.custody.Agents;
import dev.gatehouse.shared.custody.BuiltInCustody;
import dev.gatehouse.shared.custody.Custody;
import dev.gatehouse.shared.custody.CustodyEndpoint;
import dev.gatehouse.shared.custody.JoinTokens;
import dev.gatehouse.shared.node.Node;
import dev.gatehouse.shared.testing.TestNode;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;

/** A gateway on a node of its own with a fake worker beside it in the same process. */
public final class TestGateway implements AutoCloseable {

    private final Path folder;
    private final TestTrust trust;
    private final GatewayService service;
    private final TestNode test;
    private final FakeWorker worker;

    private final BuiltInCustody custody;

    private TestGateway(Path folder, TestTrust trust, GatewayService service, TestNode test) {
        this.folder = folder;
        this.trust = trust;
        this.service = service;
        this.test = test;
        this.worker = new FakeWorker(test.node());
        this.custody = new BuiltInCustody(
                node().vertx(),
                node().postgres(),
                trust.authorities(),
                node().settings().custody(),
                audit());
        TestNode.get(node().vertx().deployVerticle(new CustodyEndpoint(custody)));
    }

    private Audit audit() {
        return new Audit("test");
    }

    /** A join token for many agents. */
    public String token() {
        return TestNode.get(new JoinTokens(node().postgres(), audit())
                        .create(1000, Duration.ofHours(1), Map.of("site", "test"), "test", ""))
                .token();
    }

    /** A new agent that is known to the database. */
    public TestAgent enrolled() {
        AgentKey key = AgentKey.generate();
        Custody.Issued issued = TestNode.get(
                custody.enrol(new Custody.Enrolment(token(), Csr.make(key, "agent"), "agent", "127.0.0.1")));
        return agent(issued, key);
    }

    public TestAgent agent(Custody.Issued issued, AgentKey key) {
        try {
            return new TestAgent(
                    node().vertx(),
                    issued.agentId(),
                    key,
                    Pem.certificate(issued.certificate().getBytes()),
                    trust.nodesCa());
        } catch (CertificateException e) {
            throw new AssertionError(e);
        }
    }

    /** The gateways of an agent, as the database says; none when it has never been seen. */
    public List<String> gatewaysOf(UUID agentId) {
        RowSet<Row> rows = TestNode.get(node().postgres()
                .preparedQuery("select gateways from agent_presence where agent_id = $1")
                .execute(Tuple.of(agentId)));
        return rows.size() == 0 ? List.of() : List.of(rows.iterator().next().getArrayOfStrings(0));
    }

    public void revoke(UUID agentId) {
        TestNode.get(new Agents(node().vertx(), node().postgres(), audit()).revoke(agentId, "test", "test", ""));
    }

    public static TestGateway start() {
        return start(Map.of());
    }

    public static TestGateway start(Map<String, String> settings) {
        return start(settings, Role.GATEWAY, Role.INGEST_WORKER);
    }

    /** Without the worker's role the fake worker is there but nobody's choice. */
    public static TestGateway start(Map<String, String> settings, Role... roles) {
        return start(trust -> settings, roles);
    }

    /** @param settings for which the deployment's CAs are needed */
    public static TestGateway start(Function<TestTrust, Map<String, String>> settings, Role... roles) {
        try {
            Path folder = Files.createTempDirectory("gatehouse-trust");
            TestTrust trust = new TestTrust(folder);
            return start(folder, trust, settings.apply(trust), TestNode.with(roles));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Another gateway of the same deployment. */
    public TestGateway beside() {
        return start(folder, trust, Map.of(), TestNode.with(Role.GATEWAY).beside(test));
    }

    private static TestGateway start(
            Path folder, TestTrust trust, Map<String, String> settings, TestNode.Builder builder) {
        GatewayService service = new GatewayService();
        builder.service(service);
        trust.settings().forEach(builder::set);
        settings.forEach(builder::set);
        return new TestGateway(folder, trust, service, builder.start());
    }

    public Node node() {
        return test.node();
    }

    public TestNode test() {
        return test;
    }

    public TestTrust trust() {
        return trust;
    }

    public FakeWorker worker() {
        return worker;
    }

    public int agentPort() {
        return service.agentPort();
    }

    public int accessPort() {
        return service.accessPort();
    }

    public int agentProxyPort() {
        return service.agentProxyPort();
    }

    public int accessProxyPort() {
        return service.accessProxyPort();
    }

    /** A new agent with a good certificate. */
    public TestAgent agent() {
        return new TestAgent(test.node().vertx(), trust);
    }

    @Override
    public void close() {
        worker.close();
        TestNode.get(custody.close());
        test.close();
        if (!Files.exists(folder)) {
            return; // the gateway beside has tidied up
        }
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
