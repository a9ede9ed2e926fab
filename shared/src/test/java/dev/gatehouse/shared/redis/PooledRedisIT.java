package dev.gatehouse.shared.redis;

import static dev.gatehouse.shared.testing.TestNode.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.embedded.EmbeddedRedis;
import dev.gatehouse.shared.settings.HostPort;
import dev.gatehouse.shared.settings.Secret;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Response;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PooledRedisIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Vertx vertx = Vertx.vertx();

    @TempDir
    private static Path folder;

    @AfterAll
    static void close() {
        get(vertx.close());
    }

    @Test
    void sendsTextsNumbersAndBytes() {
        try (EmbeddedRedis server = EmbeddedRedis.start(
                        EmbeddedRedis.Options.in(folder.resolve("plain")).password("s3cret"));
                PooledRedis redis = client(server, Optional.of(new Secret("s3cret")))) {
            get(redis.check());
            byte[] value = {0, 1, (byte) 0xff};
            get(redis.send(Command.SET, "k", value, "EX", 60));
            assertThat(get(redis.send(Command.GET, "k")).toBuffer()).isEqualTo(Buffer.buffer(value));
            assertThat(get(redis.send(Command.TTL, "k")).toInteger()).isBetween(1, 60);
        }
    }

    @Test
    void aRedisThatIsAwayFailsFastAndIsFoundAgain() {
        try (EmbeddedRedis server = EmbeddedRedis.start(folder.resolve("away"));
                PooledRedis redis = client(server, Optional.empty())) {
            get(redis.send(Command.PING));
            server.kill();
            assertThatThrownBy(() -> get(redis.send(Command.PING))).isNotNull();
            server.restart();
            await().atMost(PATIENCE).until(() -> works(redis));
        }
    }

    @Test
    void aRedisThatHangsCostsTheTimeoutOnlyAndNoConnectionForGood() {
        try (EmbeddedRedis server = EmbeddedRedis.start(folder.resolve("hangs"));
                PooledRedis redis = client(server, Optional.empty())) {
            get(redis.send(Command.PING));
            // GIVEN more commands than connections and places to wait
            server.pause();
            List<Future<Response>> all = new ArrayList<>();
            IntStream.range(0, 50).forEach(i -> all.add(redis.send(Command.PING)));
            // THEN all of them fail in time
            await().atMost(PATIENCE).until(() -> all.stream().allMatch(Future::failed));
            // AND it works again when Redis does
            server.resume();
            await().atMost(PATIENCE).until(() -> works(redis));
        }
    }

    @Test
    void aRedisClusterIsRefusedByName() {
        NetServer cluster = get(vertx.createNetServer()
                .connectHandler(socket -> socket.handler(bytes -> socket.write(answer(bytes.toString()))))
                .listen(0, "127.0.0.1"));
        try (PooledRedis redis =
                new PooledRedis(vertx, settings(new HostPort("127.0.0.1", cluster.actualPort()), Optional.empty()))) {
            assertThatThrownBy(() -> get(redis.check()))
                    .isInstanceOf(RedisRefusedException.class)
                    .hasMessageContaining("is a Redis Cluster, which is not supported");
        }
        get(cluster.close());
    }

    /** As a Redis of version 5 in cluster mode, which knows no HELLO. */
    private static String answer(String asked) {
        String info = "# Cluster\r\ncluster_enabled:1\r\n";
        return switch (asked.toLowerCase(Locale.ROOT).split("\r\n", 4)[2]) {
            case "info" -> "$" + info.length() + "\r\n" + info + "\r\n";
            case "ping" -> "+PONG\r\n";
            default -> "-ERR unknown command\r\n";
        };
    }

    private static boolean works(PooledRedis redis) {
        return redis.send(Command.PING).map(true).otherwise(false).await();
    }

    private static PooledRedis client(EmbeddedRedis server, Optional<Secret> password) {
        return new PooledRedis(vertx, settings(new HostPort(server.host(), server.port()), password));
    }

    private static RedisSettings settings(HostPort address, Optional<Secret> password) {
        return new RedisSettings(address, password, Duration.ofMillis(500), 4, 20);
    }
}
