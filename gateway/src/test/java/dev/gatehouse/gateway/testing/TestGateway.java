package dev.gatehouse.gateway.testing;

import dev.gatehouse.gateway.GatewayService;
import dev.gatehouse.shared.cluster.Role;
import dev.gatehouse.shared.node.Node;
import dev.gatehouse.shared.testing.TestNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A gateway on a node of its own with a fake worker beside it in the same process. */
public final class TestGateway implements AutoCloseable {

    private final Path folder;
    private final TestTrust trust;
    private final GatewayService service;
    private final TestNode test;
    private final FakeWorker worker;

    private TestGateway(Path folder, TestTrust trust, GatewayService service, TestNode test) {
        this.folder = folder;
        this.trust = trust;
        this.service = service;
        this.test = test;
        this.worker = new FakeWorker(test.node());
    }

    public static TestGateway start() {
        return start(Map.of());
    }

    public static TestGateway start(Map<String, String> settings) {
        try {
            Path folder = Files.createTempDirectory("gatehouse-trust");
            TestTrust trust = new TestTrust(folder);
            GatewayService service = new GatewayService();
            TestNode.Builder builder =
                    TestNode.with(Role.GATEWAY, Role.INGEST_WORKER).service(service);
            trust.settings().forEach(builder::set);
            settings.forEach(builder::set);
            return new TestGateway(folder, trust, service, builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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

    /** A new agent with a good certificate. */
    public TestAgent agent() {
        return new TestAgent(test.node().vertx(), trust);
    }

    @Override
    public void close() {
        worker.close();
        test.close();
        try (var files = Files.walk(folder)) {
            files.sorted(java.util.Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
