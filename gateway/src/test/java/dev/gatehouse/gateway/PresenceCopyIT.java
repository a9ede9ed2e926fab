package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.embedded.EmbeddedRedis;
import dev.gatehouse.gateway.testing.TestAgent;
import dev.gatehouse.gateway.testing.TestGateway;
import dev.gatehouse.shared.presence.PresenceCache;
import dev.gatehouse.shared.testing.RedisTrio;
import io.vertx.redis.client.Command;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The copy of presence in Redis: a gateway writes it anew, all of it, into whatever Redis is the master. */
class PresenceCopyIT {

    private static final Logger log = LoggerFactory.getLogger(PresenceCopyIT.class);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @Test
    void anEmptyRedisIsFullAgain() {
        try (RedisTrio redis = RedisTrio.start(folder, Optional.empty());
                TestGateway gateway = TestGateway.start(settings(redis));
                TestAgent agent = gateway.agent()) {
            agent.connect(gateway.agentPort()).greet();
            EmbeddedRedis first = redis.master();
            awaitCopy(redis, first, gateway, agent, "linked");
            // WHEN it is emptied
            redis.ask(first, Command.FLUSHALL);
            // THEN it is full again
            awaitCopy(redis, first, gateway, agent, "emptied");
            // AND so is the one that takes its place when it dies, with an agent who has changed nothing
            first.kill();
            EmbeddedRedis second = redis.master();
            redis.ask(second, Command.FLUSHALL);
            awaitCopy(redis, second, gateway, agent, "another master, empty");
            assertThat(agent.ended()).isFalse();
        }
    }

    private static void awaitCopy(
            RedisTrio redis, EmbeddedRedis server, TestGateway gateway, TestAgent agent, String what) {
        long begun = System.nanoTime();
        String key = PresenceCache.key(agent.agentId);
        String field = gateway.node().id();
        await().atMost(PATIENCE)
                .until(() -> redis.ask(server, Command.HEXISTS, key, field).toInteger() == 1);
        log.info("Redis {}: the copy is there after {} ms", what, (System.nanoTime() - begun) / 1_000_000);
    }

    private static Map<String, String> settings(RedisTrio redis) {
        Map<String, String> settings = new HashMap<>();
        redis.settings().forEach((key, value) -> settings.put("redis." + key, value));
        return settings;
    }
}
