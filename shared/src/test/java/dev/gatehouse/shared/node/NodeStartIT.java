package dev.gatehouse.shared.node;

import static dev.gatehouse.shared.testing.TestNode.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.embedded.EmbeddedPostgres;
import dev.gatehouse.embedded.EmbeddedRedis;
import dev.gatehouse.shared.cluster.Role;
import dev.gatehouse.shared.testing.TestNode;
import dev.gatehouse.shared.testing.TestServers;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeStartIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    private static Path folder;

    /** A service that tells what is done with it. */
    private record Told(Role role, List<String> log, Future<Void> started) implements Service {

        @Override
        public Future<Void> start(Node node) {
            log.add("start " + role.word());
            node.shutdown().add("stop " + role.word(), Duration.ofSeconds(1), () -> {
                log.add("stop " + role.word());
                return Future.succeededFuture();
            });
            return started;
        }
    }

    @Test
    void aNodeTellsWhatItIsFromStartToEnd() throws Exception {
        List<String> log = new CopyOnWriteArrayList<>();
        try (TestNode watcher = TestNode.start(Role.GATEWAY, Role.BACKGROUND_WORKER)) {
            String id;
            try (TestNode test = TestNode.with()
                    .beside(watcher)
                    .service(new Told(Role.ADMIN_API, log, Future.succeededFuture()))
                    .service(new Told(Role.INGEST_WORKER, log, Future.succeededFuture()))
                    .start()) {
                id = test.node().id();
                assertThat(ask(test, "/upcheck").body()).isEqualTo("I'm up!");
                assertThat(ask(test, "/health/live").statusCode()).isEqualTo(200);
                assertThat(ask(test, "/health/ready").body())
                        .contains("\"postgres\"", "\"redis\"", "\"store\"", "\"state\":\"started\"");
                assertThat(ask(test, "/metrics").body())
                        .contains("jvm_memory_used_bytes", "vertx_http_server", "vertx_pool");
                assertThat(ask(test, "/nowhere").statusCode()).isEqualTo(404);
                assertThat(state(watcher, id)).isEqualTo("ingest-worker,admin-api ready");
            }
            assertThat(state(watcher, id)).isEqualTo("ingest-worker,admin-api gone");
            assertThat(log)
                    .containsExactly("start admin-api", "start ingest-worker", "stop ingest-worker", "stop admin-api");
        }
    }

    @Test
    void aServiceThatCannotStartEndsTheStartAndUndoesTheRest() {
        List<String> log = new CopyOnWriteArrayList<>();
        assertThatThrownBy(() -> TestNode.with()
                        .service(new Told(Role.ADMIN_API, log, Future.succeededFuture()))
                        .service(new Told(Role.GATEWAY, log, Future.failedFuture("no certificate")))
                        .start())
                .isInstanceOf(StartException.class)
                .hasMessage("1. gateway: no certificate");
        assertThat(log).containsExactly("start admin-api", "start gateway", "stop gateway", "stop admin-api");
    }

    @Test
    void aPortInUseIsNamed() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            assertThatThrownBy(() -> TestNode.with(Role.GATEWAY)
                            .set("endpoints.status.bindingAddress", address)
                            .start())
                    .hasMessageStartingWith("1. endpoints.status.bindingAddress: " + address + " cannot be bound: ")
                    .hasMessageContaining("in use");
            assertThatThrownBy(() -> TestNode.with(Role.GATEWAY)
                            .set("cluster.bindingAddress", address)
                            .start())
                    .hasMessageStartingWith("1. cluster.bindingAddress " + address)
                    .hasMessageContaining("in use");
            assertThatThrownBy(() -> TestNode.with(Role.GATEWAY)
                            .set("cluster.busAddress", address)
                            .start())
                    .hasMessageContaining("cluster.busAddress " + address)
                    .hasMessageContaining("in use");
        }
    }

    @Test
    void aDatabaseThatIsAwayEndsTheStartInTime() {
        String nobody = "127.0.0.1:" + TestServers.freePort();
        assertThatThrownBy(() -> TestNode.with(Role.GATEWAY)
                        .set("postgres.hosts", nobody)
                        .set("postgres.startWait", "500ms")
                        .start())
                .isInstanceOf(StartException.class)
                .hasMessageStartingWith("1. ")
                .hasMessageContaining("PostgreSQL at " + nobody)
                .hasMessageContaining("does not take connections");
    }

    @Test
    void redisThatIsAwayMakesItDegradedNotDown() throws Exception {
        try (EmbeddedRedis redis = EmbeddedRedis.start(folder.resolve("redis"))) {
            redis.stop();
            try (TestNode test = TestNode.with(Role.ADMIN_API, Role.BACKGROUND_WORKER)
                    .set("redis.address", redis.host() + ":" + redis.port())
                    .set("redis.timeout", "300ms")
                    .start()) {
                assertThat(ask(test, "/upcheck").statusCode()).isEqualTo(200);
                assertThat(ask(test, "/upcheck").body()).startsWith("degraded: redis: ");
                redis.restart();
                await().atMost(PATIENCE)
                        .until(() -> ask(test, "/upcheck").body().equals("I'm up!"));
            }
        }
    }

    @Test
    void aDatabaseThatIsAwayIsDownForAWorkerAndDegradedForAGateway() throws Exception {
        try (EmbeddedPostgres server = EmbeddedPostgres.start(folder.resolve("postgres"))) {
            EmbeddedPostgres.Database database = server.createDatabase("gatehouse", "gatehouse");
            try (TestNode worker = onServer(database, Role.INGEST_WORKER, Role.BACKGROUND_WORKER);
                    TestNode gateway = onServer(database, Role.GATEWAY)) {
                assertThat(ask(worker, "/upcheck").statusCode()).isEqualTo(200);
                // WHEN the database ends
                server.kill();
                // THEN the worker is down, the gateway goes on
                await().atMost(PATIENCE).until(() -> ask(worker, "/upcheck").statusCode() == 503);
                assertThat(ask(worker, "/health/live").statusCode()).isEqualTo(200);
                await().atMost(PATIENCE)
                        .until(() -> ask(gateway, "/upcheck").body().contains("postgres: "));
                assertThat(ask(gateway, "/health/ready").statusCode()).isEqualTo(200);
                // AND both are well as soon as it is back
                server.restart();
                await().atMost(PATIENCE)
                        .until(() -> ask(worker, "/upcheck").body().equals("I'm up!"));
                await().atMost(PATIENCE)
                        .until(() -> !ask(gateway, "/upcheck").body().contains("postgres"));
            }
        }
    }

    @Test
    void whileItDrainsItIsNotReady() throws Exception {
        Promise<Void> lastWork = Promise.promise();
        TestNode test = TestNode.with()
                .service(new Service() {
                    @Override
                    public Role role() {
                        return Role.GATEWAY;
                    }

                    @Override
                    public Future<Void> start(Node node) {
                        node.shutdown().add("last work", Duration.ofSeconds(20), lastWork::future);
                        return Future.succeededFuture();
                    }
                })
                .start();
        Thread closing = Thread.ofPlatform().start(test::close);
        await().atMost(PATIENCE).until(() -> ask(test, "/upcheck").statusCode() == 503);
        assertThat(ask(test, "/upcheck").body()).isEqualTo("draining\n");
        assertThat(ask(test, "/health/live").statusCode()).isEqualTo(200);
        lastWork.complete();
        closing.join();
    }

    @Test
    void nodesThatDiedAreGoneAndLaterForgotten() {
        try (TestNode test = TestNode.start(Role.GATEWAY)) {
            get(test.node().postgres().query("""
                            insert into node (id, name, role, state, version, address, started_at, seen_at) values
                                ('old', '', '', 'gone', '', '', now(), now() - interval '25 hours'),
                                ('died', '', '', 'ready', '', '', now(), now() - interval '31 seconds'),
                                ('lives', '', '', 'ready', '', '', now(), now() - interval '6 seconds')""").execute());
            get(new NodeRow(test.node().postgres(), new NodeRow.Identity("x", "", "", "", "", Instant.now())).tidy());
            assertThat(get(test.node()
                            .postgres()
                            .query(
                                    "select id || ' ' || state from node where id in ('old', 'died', 'lives') order by id")
                            .mapping(row -> row.getString(0))
                            .execute()))
                    .containsExactly("died gone", "lives ready");
        }
    }

    private static TestNode onServer(EmbeddedPostgres.Database database, Role... roles) {
        return TestNode.with(roles)
                .set("postgres.hosts", database.host() + ":" + database.port())
                .set("postgres.database", database.name())
                .set("postgres.user", database.user())
                .set("postgres.password", database.password())
                .start();
    }

    private static String state(TestNode test, String id) {
        return get(test.node()
                        .postgres()
                        .preparedQuery("select role || ' ' || state from node where id = $1")
                        .mapping(row -> row.getString(0))
                        .execute(io.vertx.sqlclient.Tuple.of(id)))
                .iterator()
                .next();
    }

    private static HttpResponse<String> ask(TestNode test, String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + test.statusPort() + path);
        return http.send(HttpRequest.newBuilder(uri).timeout(PATIENCE).build(), BodyHandlers.ofString());
    }
}
