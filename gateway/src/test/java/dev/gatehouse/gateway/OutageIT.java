package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.embedded.EmbeddedPostgres;
import dev.gatehouse.embedded.EmbeddedRedis;
import dev.gatehouse.gateway.testing.TestAgent;
import dev.gatehouse.gateway.testing.TestGateway;
import dev.gatehouse.shared.testing.TestNode;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** PostgreSQL and Redis that freeze don't touch links: chunks go on, new links come, and presence is written when they are back. */
class OutageIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @Test
    void linksGoOnWithoutDatabaseAndRedis() throws Exception {
        // GIVEN a gateway on servers of its own
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(Files.createDirectory(folder.resolve("postgres")));
                EmbeddedRedis redis = EmbeddedRedis.start(Files.createDirectory(folder.resolve("redis")));
                TestGateway gateway = TestGateway.start(Map.of(
                        "postgres.hosts", postgres.admin().host() + ":" + postgres.port(),
                        "postgres.database", postgres.admin().name(),
                        "postgres.user", postgres.admin().user(),
                        "postgres.password", postgres.admin().password(),
                        "redis.address", redis.host() + ":" + redis.port()))) {
            UUID stream = UUID.randomUUID();
            try (TestAgent agent = gateway.agent();
                    TestAgent later = gateway.agent()) {
                agent.connect(gateway.agentPort()).greet();
                agent.open(1, stream);
                // WHEN both freeze for longer than any of their time limits
                postgres.pause();
                redis.pause();
                try {
                    for (int second = 0; second < 6; second++) {
                        long next = second + 1L;
                        agent.sendChunk(1, second, 1000);
                        await().atMost(PATIENCE).until(() -> agent.durable.getOrDefault(1, 0L) == next);
                        await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
                    }
                    // THEN links go on and come
                    later.connect(gateway.agentPort()).greet();
                    assertThat(agent.ended()).isFalse();
                } finally {
                    postgres.resume();
                    redis.resume();
                }
                // AND presence is made up for
                await().atMost(PATIENCE)
                        .untilAsserted(() ->
                                assertThat(presences(gateway, later.agentId)).isEqualTo(1));
            }
        }
    }

    private static int presences(TestGateway gateway, UUID agentId) {
        Row row = TestNode.get(gateway.node()
                        .postgres()
                        .preparedQuery("select count(*) from agent_presence where agent_id = $1 and gateways <> '{}'")
                        .execute(Tuple.of(agentId)))
                .iterator()
                .next();
        return row.getInteger(0);
    }
}
