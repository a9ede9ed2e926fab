package dev.gatehouse.shared.testing;

import static org.awaitility.Awaitility.await;

import dev.gatehouse.shared.cluster.Role;
import dev.gatehouse.shared.custody.CustodySettings;
import dev.gatehouse.shared.node.Node;
import dev.gatehouse.shared.node.NodeStart;
import dev.gatehouse.shared.node.RunningNode;
import dev.gatehouse.shared.node.Service;
import dev.gatehouse.shared.node.Settings;
import dev.gatehouse.shared.postgres.PostgresSettings;
import dev.gatehouse.shared.store.Stores;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A real node for tests: clustered Vert.x of one member, a database of its own, the JVM's Redis and CAs, a folder store, free ports on loopback. Takes about a second to start, so start one per test class.
 *
 * <p>{@link #close()} takes the node's shutdown and fails when something was left: a step that did not end, a connection to the database.
 *
 * <pre>{@code
 * static final TestNode test = TestNode.with(Role.GATEWAY).set("capture.maxLinks", "10").start();
 * @AfterAll static void close() { test.close(); }
 * }</pre>
 */
public final class TestNode implements AutoCloseable {

    /** Longest that {@link #get} waits. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** No two nodes of a cluster may have one name. */
    private static final AtomicInteger count = new AtomicInteger();

    private final RunningNode running;
    private final PostgresSettings database;
    private final boolean ownDatabase;
    private final Path folder;
    private final AtomicBoolean sick = new AtomicBoolean();

    private TestNode(RunningNode running, PostgresSettings database, boolean ownDatabase, Path folder) {
        this.running = running;
        this.database = database;
        this.ownDatabase = ownDatabase;
        this.folder = folder;
        running.onSick(reason -> sick.set(true));
    }

    /** A node with the roles, none of whose services run. */
    public static TestNode start(Role... roles) {
        return with(roles).start();
    }

    public static Builder with(Role... roles) {
        return new Builder(List.of(roles));
    }

    public Node node() {
        return running.node();
    }

    public int statusPort() {
        return running.statusPort();
    }

    /** From now on the node can be told to leave; what follows is the test's. */
    public void onDrain(Runnable leave) {
        running.onDrain(leave);
    }

    /** Whether it has found that it must be started anew. */
    public boolean sick() {
        return sick.get();
    }

    /** Gone after {@link #close()}; relative paths of the settings begin here. */
    public Path folder() {
        return folder;
    }

    /** The future's value; fails with its cause, or after 30 s. Not on an event loop. */
    public static <T> T get(Future<T> future) {
        try {
            return future.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("not done within " + PATIENCE, e);
        }
    }

    @Override
    public void close() {
        List<String> bad = running.stop();
        if (ownDatabase) {
            // a connection that is still there keeps the database from being dropped: a leak
            await().atMost(PATIENCE).ignoreExceptions().until(() -> {
                TestServers.dropDatabase(database);
                return true;
            });
        }
        TestServers.delete(folder);
        if (!bad.isEmpty()) {
            throw new AssertionError("steps of the shutdown that failed or took too long: " + bad);
        }
    }

    /** What a test wants of its node. */
    public static final class Builder {

        private final List<Role> roles;
        private final List<Service> services = new ArrayList<>();
        private final Map<String, String> settings = new LinkedHashMap<>();
        private final List<String> unset = new ArrayList<>();
        private Optional<TestNode> beside = Optional.empty();

        private Builder(List<Role> roles) {
            this.roles = roles;
        }

        /** A setting by its key in the file. */
        public Builder set(String key, String value) {
            settings.put(key, value);
            return this;
        }

        /** Leaves out a setting that nodes of tests have. */
        public Builder unset(String key) {
            unset.add(key);
            return this;
        }

        /** Started with the node; its role needs not be given. */
        public Builder service(Service service) {
            services.add(service);
            return this;
        }

        /** In the cluster and with the CAs, database and folder store of the other node, which is to be closed after this one. */
        public Builder beside(TestNode other) {
            beside = Optional.of(other);
            return this;
        }

        /** Fails as a start fails; then nothing is left. */
        public TestNode start() {
            Path folder = TestServers.folder("node");
            PostgresSettings database = beside.map(other -> other.database).orElseGet(TestServers::newDatabase);
            try {
                Map<String, String> all = defaults(database);
                all.keySet().removeAll(unset);
                all.putAll(settings);
                Path config = Files.writeString(folder.resolve("gatehouse.yaml"), "");
                RunningNode running =
                        NodeStart.start(Settings.load(Optional.of(config), Map.of(), all), allServices(), Stores::open);
                return new TestNode(running, database, beside.isEmpty(), folder);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (RuntimeException e) {
                TestServers.delete(folder);
                throw e;
            }
        }

        private Map<String, String> defaults(PostgresSettings database) {
            Map<String, String> all = new LinkedHashMap<>();
            all.put("node.name", "test-" + count.incrementAndGet());
            all.put("cluster.expectedBackgroundWorkers", "1");
            all.put("node.balancerGrace", "1ms");
            all.put("node.drainSpread", "10ms");
            all.put("cluster.name", "test-" + ProcessHandle.current().pid());
            all.put("cluster.bindingAddress", "127.0.0.1:" + TestServers.freePort());
            all.put("cluster.busAddress", "127.0.0.1:0");
            for (String endpoint : List.of("agent", "access", "peer", "admin", "status")) {
                all.put("endpoints." + endpoint + ".bindingAddress", "127.0.0.1:0");
            }
            beside.map(other -> trustOf(other.node().settings().custody()))
                    .orElseGet(() -> TestCas.ofJvm().settings())
                    .forEach(all::put);
            all.put("postgres.hosts", database.hosts().getFirst().toString());
            all.put("postgres.database", database.database());
            all.put("postgres.user", database.user());
            database.password().ifPresent(password -> all.put("postgres.password", password.value()));
            all.put("redis.address", TestServers.redis().toString());
            Path store = beside.map(TestNode::node)
                    .map(node -> node.settings().store().folder())
                    .orElse(null);
            if (store != null) {
                all.put("store.folder", store.toString());
                all.put(
                        "cluster.members",
                        beside.get()
                                .node()
                                .settings()
                                .cluster()
                                .bindingAddress()
                                .toString());
            }
            return all;
        }

        private static Map<String, String> trustOf(CustodySettings other) {
            return Map.of(
                    "custody.directory", other.directory().orElseThrow().toString(),
                    "custody.agentsCaFile", other.agentsCaFile().toString(),
                    "custody.nodesCaFile", other.nodesCaFile().toString());
        }

        private List<Service> allServices() {
            List<Service> all = new ArrayList<>(services);
            roles.stream()
                    .filter(role -> services.stream().noneMatch(service -> service.role() == role))
                    .forEach(role -> all.add(new Absent(role)));
            return all;
        }
    }

    /** Stands for a service that the test does not need, or starts itself. */
    private record Absent(Role role) implements Service {

        @Override
        public Future<Void> start(Node node) {
            return Future.succeededFuture();
        }
    }
}
