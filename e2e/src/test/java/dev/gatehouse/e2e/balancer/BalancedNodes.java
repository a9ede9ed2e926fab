package dev.gatehouse.e2e.balancer;

import static org.awaitility.Awaitility.await;

import dev.gatehouse.admin.AdminService;
import dev.gatehouse.admin.setup.FirstAdministrator;
import dev.gatehouse.agent.Agent;
import dev.gatehouse.agent.enrol.EnrolClient;
import dev.gatehouse.agent.settings.AgentSettings;
import dev.gatehouse.agent.source.watch.WatchSettings;
import dev.gatehouse.background.BackgroundService;
import dev.gatehouse.gateway.GatewayService;
import dev.gatehouse.ingest.IngestService;
import dev.gatehouse.protocol.identity.Pem;
import dev.gatehouse.protocol.identity.Pin;
import dev.gatehouse.shared.audit.Audit;
import dev.gatehouse.shared.custody.JoinTokens;
import dev.gatehouse.shared.node.Settings;
import dev.gatehouse.shared.people.Passwords;
import dev.gatehouse.shared.people.People;
import dev.gatehouse.shared.postgres.PostgresSettings;
import dev.gatehouse.shared.testing.TestCas;
import dev.gatehouse.shared.testing.TestNode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.sqlclient.Tuple;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Nodes to put a balancer before: at {@link #FIRST} all services in this JVM, at {@link #SECOND} a gateway that can be killed; and agents and a client that know the balancer's addresses only.
 */
public final class BalancedNodes implements AutoCloseable {

    /** Addresses of two hosts, so that the nodes have the same ports as real ones do. */
    static final String FIRST = "127.0.0.11";

    static final String SECOND = "127.0.0.12";

    /** Where the balancer comes from, so that nobody takes it for a client. */
    static final String BALANCER = "127.0.0.9";

    /** Where the client comes from. */
    static final String CLIENT = "127.0.0.2";

    static final String ADMIN_HOST = "admin.example.org";
    static final String ACCESS_HOST = "gateway.example.org";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String ADMIN = "root";

    /** Ports of the nodes' listeners for a balancer, and of their status. */
    final int agentProxy = freePort();

    final int accessProxy = freePort();
    final int adminProxy = freePort();
    final int status = freePort();

    /** Ports of the balancer. */
    final int agents = freePort();

    final int https = freePort();

    private final Path folder;
    private final Vertx vertx = Vertx.vertx();
    private final TestCas cas = TestCas.ofJvm();
    private final AdminService admin = new AdminService();
    private final TestNode node;
    private final HttpClient client;
    private final List<Agent> running = new ArrayList<>();

    public BalancedNodes(Path folder) throws IOException {
        this.folder = folder;
        TestNode.Builder builder = TestNode.with()
                .service(new GatewayService())
                .service(new IngestService())
                .service(new BackgroundService())
                .service(admin);
        settings(FIRST).forEach(builder::set);
        node = builder.start();
        administrator();
        client = vertx.createHttpClient(new HttpClientOptions()
                .setSsl(true)
                .setKeepAlive(false) // a new connection each time
                .setLocalAddress(CLIENT)
                .setTrustOptions(new PemTrustOptions()
                        .addCertValue(
                                Buffer.buffer(Pem.text(cas.authorities().nodes().certificate())))));
    }

    private void administrator() {
        Vertx own = node.node().vertx();
        Passwords passwords = new Passwords(own);
        TestNode.get(new FirstAdministrator(ADMIN, folder.resolve("admin-password"))
                .create(own, new People(node.node().postgres(), passwords, new Audit("test"))));
        TestNode.get(passwords.close());
    }

    private Map<String, String> settings(String host) {
        Map<String, String> all = new LinkedHashMap<>();
        Map.of("agent", agentProxy, "access", accessProxy, "admin", adminProxy).forEach((endpoint, proxy) -> {
            String prefix = "endpoints." + endpoint + ".";
            all.put(prefix + "bindingAddress", host + ":0");
            all.put(prefix + "proxyAddress", host + ":" + proxy);
        });
        all.put("endpoints.access.names", ACCESS_HOST);
        all.put("endpoints.admin.names", ADMIN_HOST);
        all.put("endpoints.agent.serverAddress", "127.0.0.1:" + agents);
        all.put("endpoints.status.bindingAddress", host + ":" + status);
        return all;
    }

    /** Of the node at {@link #FIRST}. */
    public String statusUrl() {
        return "http://" + FIRST + ":" + status;
    }

    /** The gateway at {@link #SECOND}. */
    GatewayProcess second() throws IOException {
        Map<String, String> all = settings(SECOND);
        Settings first = node.node().settings();
        PostgresSettings postgres = first.postgres();
        all.put("node.name", "second");
        all.putAll(cas.copies());
        all.put("custody.url", "https://" + FIRST + ":" + admin.port());
        all.put("custody.nodeTokenFile", cas.tokenFile().toString());
        all.put("cluster.name", first.cluster().name());
        all.put("cluster.members", first.cluster().bindingAddress().toString());
        all.put("cluster.bindingAddress", "127.0.0.1:" + freePort());
        all.put("cluster.busAddress", "127.0.0.1:0");
        all.put("postgres.hosts", postgres.hosts().getFirst().toString());
        all.put("postgres.database", postgres.database());
        all.put("postgres.user", postgres.user());
        postgres.password().ifPresent(password -> all.put("postgres.password", password.value()));
        all.put("redis.address", first.redis().address().toString());
        all.put("store.folder", first.store().folder().toString());
        return GatewayProcess.start(folder, all, new InetSocketAddress(SECOND, agentProxy));
    }

    /** An agent enrolled and linked through the balancer that captures what is put into the folder of its name. */
    void agent(String name) throws Exception {
        String token = TestNode.get(new JoinTokens(node.node().postgres(), new Audit("test"))
                        .create(1, Duration.ofMinutes(5), Map.of(), "test", ""))
                .token();
        Path own = folder.resolve("agent-" + name);
        EnrolClient.enrol(
                        URI.create("https://127.0.0.1:" + https),
                        token,
                        Pin.of(cas.authorities().nodes().certificate()),
                        name)
                .save(own);
        Path watched = Files.createDirectories(folder.resolve(name));
        running.add(TestNode.get(Agent.start(
                vertx,
                own,
                AgentSettings.DEFAULT.withSources(
                        List.of(), List.of(new WatchSettings(List.of(watched.toString()), WatchSettings.IGNORED))),
                Optional.empty())));
    }

    /** Puts a file before each agent and waits until all are durable, whole. */
    void capture(String file) throws IOException {
        for (Agent agent : running) {
            Files.writeString(folder.resolve(agent.identity().name()).resolve(file), file);
        }
        await().atMost(PATIENCE)
                .until(() -> count("select count(*) from stream where name = $1 and closed_at is not null", file)
                        == running.size());
    }

    /** Waits until all agents have two links, to two gateways, both from this host. */
    void awaitTwoLinksEach() {
        await().atMost(PATIENCE)
                .until(() -> count(
                                "select count(*) from agent_presence where cardinality(gateways) = 2 and address = $1",
                                "127.0.0.1")
                        == running.size());
    }

    /** Where the newest entry of the audit with the action came from. */
    String audited(String action) {
        var rows = TestNode.get(node.node()
                .postgres()
                .preparedQuery("select remote from audit where action = $1 order by id desc limit 1")
                .execute(Tuple.of(action)));
        return rows.size() == 0 ? "" : rows.iterator().next().getString(0);
    }

    private long count(String sql, String value) {
        return TestNode.get(node.node().postgres().preparedQuery(sql).execute(Tuple.of(value)))
                .iterator()
                .next()
                .getLong(0);
    }

    /** Whether a new connection through the balancer, from {@link #CLIENT}, brings a good answer. */
    boolean answers(String host, String path) {
        return TestNode.get(ask(HttpMethod.GET, host, path, new JsonObject()).otherwise(0)) == 200;
    }

    private Future<Integer> ask(HttpMethod method, String host, String path, JsonObject body) {
        return client.request(new RequestOptions()
                        .setServer(SocketAddress.inetSocketAddress(https, "127.0.0.1"))
                        .setHost(host)
                        .setPort(443)
                        .setMethod(method)
                        .setURI(path)
                        .putHeader("content-type", "application/json"))
                .compose(request -> request.send(body.toBuffer()))
                .compose(response -> response.body().map(response.statusCode()));
    }

    /** Signs in at the admin endpoint. */
    int signIn() throws IOException {
        return TestNode.get(ask(
                HttpMethod.POST,
                ADMIN_HOST,
                "/api/v1/login",
                new JsonObject()
                        .put("username", ADMIN)
                        .put(
                                "password",
                                Files.readString(folder.resolve("admin-password"))
                                        .strip())));
    }

    /** One that is free at all addresses of this host. */
    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        running.forEach(agent -> TestNode.get(agent.close()));
        TestNode.get(client.close().eventually(vertx::close));
        node.close();
    }
}
