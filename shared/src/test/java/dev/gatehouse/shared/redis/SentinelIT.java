package dev.gatehouse.shared.redis;

import static dev.gatehouse.shared.testing.TestNode.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.embedded.EmbeddedRedis;
import dev.gatehouse.embedded.RedisTls;
import dev.gatehouse.shared.settings.SettingsLoader;
import dev.gatehouse.shared.testing.RedisCertificates;
import dev.gatehouse.shared.testing.RedisTrio;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Three Redis and three Sentinels as processes; the master is killed, or freezes, and the one that takes its place is found. */
class SentinelIT {

    private static final Logger log = LoggerFactory.getLogger(SentinelIT.class);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String WRITE =
            "redis.call('HSET', KEYS[1], 'field', ARGV[1]) return redis.call('EXPIRE', KEYS[1], 60)";
    private static final String KEY = "presence:agent:a";
    private static final Vertx vertx = Vertx.vertx();

    @TempDir
    private static Path folder;

    @AfterAll
    static void close() {
        get(vertx.close());
    }

    @Test
    void theMasterIsFollowed() {
        try (RedisTrio trio = RedisTrio.start(folder.resolve("plain"), Optional.empty());
                PooledRedis redis = client(trio.settings())) {
            get(redis.check());
            EmbeddedRedis first = trio.master();
            // WHEN the master is killed
            first.kill();
            awaitWritten(redis, "1", "killed");
            EmbeddedRedis second = trio.master();
            assertThat(field(trio, second)).isEqualTo("1");
            // AND comes back as what it was: empty, and a master until Sentinels notice
            first.restart();
            get(redis.send(Command.EVAL, WRITE, 1, KEY, "2"));
            assertThat(field(trio, second)).as("it is left alone").isEqualTo("2");
            // AND the new master freezes
            second.pause();
            // THEN another is written to
            awaitWritten(redis, "3", "frozen");
            assertThat(trio.servers())
                    .filteredOn(server -> server != second)
                    .anyMatch(server -> field(trio, server).equals("3"));
        }
    }

    @Test
    void theMasterIsFollowedWithTlsAndPasswords() {
        RedisTls tls = RedisCertificates.make(folder.resolve("tls"), "127.0.0.1", false);
        try (RedisTrio trio = RedisTrio.start(folder.resolve("protected"), Optional.of(tls));
                PooledRedis redis = client(trio.settings())) {
            get(redis.check());
            trio.master().kill();
            awaitWritten(redis, "1", "killed");
            assertThat(field(trio, trio.master())).isEqualTo("1");
        }
    }

    /** As presence is written: by a script, whose answers have a replica's refusal somewhere inside. */
    private static void awaitWritten(PooledRedis redis, String value, String what) {
        long begun = System.nanoTime();
        await().atMost(PATIENCE)
                .until(() -> redis.send(Command.EVAL, WRITE, 1, KEY, value)
                        .map(true)
                        .otherwise(false)
                        .await());
        log.info("Master {}: written again after {} ms", what, (System.nanoTime() - begun) / 1_000_000);
    }

    private static String field(RedisTrio trio, EmbeddedRedis server) {
        return String.valueOf(trio.ask(server, Command.HGET, KEY, "field"));
    }

    private static PooledRedis client(Map<String, String> settings) {
        return new PooledRedis(vertx, SettingsLoader.load(RedisSettings.class, Optional.empty(), Map.of(), settings));
    }
}
