package dev.gatehouse.shared.redis;

import static dev.gatehouse.shared.testing.TestNode.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.embedded.EmbeddedRedis;
import dev.gatehouse.embedded.RedisTls;
import dev.gatehouse.shared.settings.SettingsLoader;
import dev.gatehouse.shared.testing.RedisCertificates;
import dev.gatehouse.shared.testing.TestServers;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
                PooledRedis redis = client(server, Map.of("password", "s3cret"))) {
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
                PooledRedis redis = client(server, Map.of())) {
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
                PooledRedis redis = client(server, Map.of())) {
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
        assertThatThrownBy(() -> check(List.of("cluster-enabled yes")))
                .isInstanceOf(RedisRefusedException.class)
                .hasMessageMatching("redis.address: 127.0.0.1:\\d+ is a Redis Cluster, which is not supported; .*");
    }

    @Test
    void aServerThatBecomesAReplicaIsNotUsedUntilItIsAMasterAgain() {
        try (EmbeddedRedis server = EmbeddedRedis.start(folder.resolve("replica"));
                PooledRedis redis = client(server, Map.of())) {
            String write = "return redis.call('SET', KEYS[1], 'v')";
            get(redis.send(Command.EVAL, write, 1, "k"));
            // WHEN it takes no writes any more: the first answer says so, those after it that it is a replica
            direct(server, Command.REPLICAOF, "127.0.0.1", String.valueOf(TestServers.freePort()));
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThatThrownBy(() -> get(redis.send(Command.EVAL, write, 1, "k")))
                            .isInstanceOf(RedisAwayException.class)
                            .hasMessageContaining("is a replica, which takes no writes"));
            // THEN it is used again when it does
            direct(server, Command.REPLICAOF, "NO", "ONE");
            await().atMost(PATIENCE).until(() -> works(redis));
            get(redis.send(Command.EVAL, write, 1, "k"));
        }
    }

    @Test
    void tlsTrustsTheCaAloneAndChecksTheName() {
        RedisTls right = RedisCertificates.make(folder.resolve("right"), "127.0.0.1", true);
        RedisTls elsewhere = RedisCertificates.make(folder.resolve("elsewhere"), "elsewhere.example", false);
        try (EmbeddedRedis server = EmbeddedRedis.start(
                        EmbeddedRedis.Options.in(folder.resolve("tls")).tls(right));
                EmbeddedRedis misnamed = EmbeddedRedis.start(
                        EmbeddedRedis.Options.in(folder.resolve("misnamed")).tls(elsewhere))) {
            Map<String, String> shown = Map.of(
                    "certificateFile", right.certificateFile().toString(),
                    "keyFile", right.keyFile().toString());
            try (PooledRedis redis = client(server, trusting(right, shown))) {
                get(redis.check());
            }
            // a server that asks for a certificate and sees none, another CA, another name, no TLS
            refuses(server, trusting(right, Map.of()));
            refuses(server, trusting(elsewhere, shown));
            refuses(misnamed, trusting(elsewhere, Map.of()));
            refuses(server, Map.of());
        }
    }

    @Test
    void settingsThatDoNotFitTogetherAreNamed() {
        assertThatThrownBy(() -> new PooledRedis(vertx, settings(Map.of("user", "u"))))
                .hasMessage("redis.user: u is given without redis.password or redis.passwordFile");
        assertThatThrownBy(() -> new PooledRedis(vertx, settings(Map.of("caFile", "/nowhere/ca.pem"))))
                .hasMessageStartingWith("redis.caFile: /nowhere/ca.pem cannot be read: ");
    }

    private static void refuses(EmbeddedRedis server, Map<String, String> more) {
        try (PooledRedis redis = client(server, more)) {
            assertThatThrownBy(() -> get(redis.check())).isNotInstanceOf(AssertionError.class);
        }
    }

    private static Map<String, String> trusting(RedisTls tls, Map<String, String> more) {
        Map<String, String> all = new HashMap<>(more);
        all.put("caFile", tls.caFile().toString());
        return all;
    }

    private static void check(List<String> directives) {
        try (EmbeddedRedis server =
                        EmbeddedRedis.start(EmbeddedRedis.Options.in(folder.resolve("kind" + directives.hashCode()))
                                .directives(directives));
                PooledRedis redis = client(server, Map.of())) {
            get(redis.check());
        }
    }

    /** Past the client under test. */
    private static void direct(EmbeddedRedis server, Command command, String... arguments) {
        Redis redis = Redis.createClient(vertx, "redis://" + server.host() + ":" + server.port());
        Request request = Request.cmd(command);
        List.of(arguments).forEach(request::arg);
        get(redis.send(request));
        redis.close();
    }

    private static boolean works(PooledRedis redis) {
        return redis.send(Command.PING).map(true).otherwise(false).await();
    }

    private static PooledRedis client(EmbeddedRedis server, Map<String, String> more) {
        Map<String, String> all = new HashMap<>(more);
        all.put("address", server.host() + ":" + server.port());
        return new PooledRedis(vertx, settings(all));
    }

    private static RedisSettings settings(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(Map.of("timeout", "500ms", "poolSize", "4", "maxWaiting", "20"));
        all.putAll(more);
        return SettingsLoader.load(RedisSettings.class, Optional.empty(), Map.of(), all);
    }
}
