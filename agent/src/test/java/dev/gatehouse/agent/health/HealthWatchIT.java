package dev.gatehouse.agent.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.agent.health.HealthCheck.Way;
import dev.gatehouse.agent.health.HealthWatch.Known;
import dev.gatehouse.embedded.EmbeddedPostgres;
import dev.gatehouse.embedded.EmbeddedRedis;
import dev.gatehouse.protocol.message.Health;
import dev.gatehouse.protocol.resource.ResourceAddress;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Checks of real servers, and of servers that do what real ones do when they are not well. */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class HealthWatchIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Vertx vertx = Vertx.vertx();
    private final AtomicInteger changes = new AtomicInteger();
    private final HealthWatch watch = new HealthWatch(vertx, changes::incrementAndGet);
    private final List<Target> targets = new ArrayList<>();

    @TempDir
    private Path temp;

    @AfterEach
    void close() throws Exception {
        watch.close().await(30, TimeUnit.SECONDS);
        vertx.close().await(30, TimeUnit.SECONDS);
    }

    @Test
    void postgresIsWellUntilItStopsAndLogsNothingOfIt() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(temp.resolve("postgres"))) {
            follow("db", postgres.port(), Way.POSTGRES);
            awaitHealth("db", Health.HEALTHY);
            assertThat(Files.readString(postgres.logFile()))
                    .contains("ready to accept")
                    .doesNotContain("FATAL");
            postgres.stop();
            watch.dialled("db", Optional.of("refused")); // somebody notices at once
            awaitHealth("db", Health.UNHEALTHY);
            assertThat(known("db").detail()).contains("refused");
        }
    }

    @Test
    void redisIsWellUntilItStops() throws Exception {
        try (EmbeddedRedis redis = EmbeddedRedis.start(temp.resolve("redis"))) {
            follow("cache", redis.port(), Way.REDIS);
            awaitHealth("cache", Health.HEALTHY);
        }
        watch.dialled("cache", Optional.of("refused"));
        awaitHealth("cache", Health.UNHEALTHY);
    }

    /** MySQL counts a client that goes away in the middle of the handshake, and blocks its host after some of them. */
    @Test
    void mysqlIsNotLeftInTheMiddleOfAHandshake() throws Exception {
        AtomicInteger broken = new AtomicInteger();
        AtomicInteger complete = new AtomicInteger();
        int port = serve(socket -> {
            AtomicInteger logins = new AtomicInteger();
            socket.handler(login -> {
                logins.incrementAndGet();
                complete.incrementAndGet();
                socket.end(hex("07 00 00 02 ff 15 04 23 32 38 30"));
            });
            socket.closeHandler(closed -> broken.addAndGet(logins.get() == 0 ? 1 : 0));
            socket.write(hex("09 00 00 00 0a 38 2e 34 00 00 00 00 00"));
        });
        follow("db", port, Way.MYSQL);
        awaitHealth("db", Health.HEALTHY);
        watch.dialled("db", Optional.of("once")); // has it checked again
        await().atMost(PATIENCE).until(() -> complete.get() >= 2);
        assertThat(broken).hasValue(0);
    }

    @Test
    void whoSaysNothingIsNotWell() throws Exception {
        follow("silent", serve(socket -> {}), Way.SSH);
        awaitHealth("silent", Health.UNHEALTHY);
        assertThat(known("silent").detail()).isEqualTo("no answer within 3 s");
    }

    @Test
    void whoHangsUpOrSpeaksSomethingElseIsNotWell() throws Exception {
        follow("hangs-up", serve(NetSocket::close), Way.POSTGRES);
        follow("other", serve(socket -> socket.write("220 smtp\r\n".repeat(1000))), Way.SSH);
        follow("no-tls", serve(socket -> socket.write("hello")), Way.TLS);
        awaitHealth("hangs-up", Health.UNHEALTHY);
        assertThat(known("hangs-up").detail()).isEqualTo("closes the connection");
        awaitHealth("other", Health.UNHEALTHY);
        assertThat(known("other").detail()).isEqualTo("does not speak SSH");
        awaitHealth("no-tls", Health.UNHEALTHY);
    }

    @Test
    void aBannerAfterSomeLinesIsWell() throws Exception {
        follow("ssh", serve(socket -> socket.write("hello\r\nSSH-2.0-OpenSSH_9.2p1\r\n")), Way.SSH);
        awaitHealth("ssh", Health.HEALTHY);
    }

    @Test
    void dialsAloneDecideBeforeTheNextCheck() throws Exception {
        // GIVEN a target that is well, and will be checked again in five seconds
        int port = serve(socket -> {});
        follow("echo", port, Way.TCP);
        awaitHealth("echo", Health.HEALTHY);
        // WHEN dials to it fail
        watch.dialled("echo", Optional.of("connection reset\n\u0001"));
        watch.dialled("echo", Optional.of("connection reset\n\u0001"));
        // THEN it is known-bad, for a printable reason, until a check says that it is not
        await().atMost(PATIENCE).until(() -> changes.get() >= 3);
        awaitHealth("echo", Health.HEALTHY);
    }

    @Test
    void whatIsNotCheckedStaysUnknownAndWhatIsGoneIsForgotten() throws Exception {
        follow("echo", serve(socket -> {}), Way.TCP);
        follow("unchecked", 1, Way.NONE);
        awaitHealth("echo", Health.HEALTHY);
        watch.dialled("unchecked", Optional.of("refused"));
        assertThat(known("unchecked")).isEqualTo(Known.NOTHING);
        watch.follow(List.of());
        await().atMost(PATIENCE).until(() -> watch.known().isEmpty());
    }

    private int serve(Consumer<NetSocket> handler) throws Exception {
        NetServer server = vertx.createNetServer()
                .connectHandler(handler::accept)
                .listen(0, "127.0.0.1")
                .await(30, TimeUnit.SECONDS);
        return server.actualPort();
    }

    private void follow(String name, int port, Way way) {
        targets.add(new Target(
                name, new ResourceAddress("tcp", "127.0.0.1", port, Optional.empty()), new HealthCheck(way, "")));
        watch.follow(targets);
    }

    private Known known(String name) {
        return watch.known().getOrDefault(name, Known.NOTHING);
    }

    private void awaitHealth(String name, Health health) {
        await().atMost(PATIENCE).until(() -> known(name).health() == health);
    }

    private static Buffer hex(String bytes) {
        return Buffer.buffer(HexFormat.of().parseHex(bytes.replace(" ", "")));
    }
}
