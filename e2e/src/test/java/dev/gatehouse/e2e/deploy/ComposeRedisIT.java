package dev.gatehouse.e2e.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.e2e.Tree;
import dev.gatehouse.embedded.RedisProgram;
import dev.gatehouse.shared.redis.PooledRedis;
import dev.gatehouse.shared.redis.RedisSettings;
import dev.gatehouse.shared.settings.SettingsLoader;
import dev.gatehouse.shared.testing.TestNode;
import dev.gatehouse.shared.testing.TestServers;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/** What the compose file has Redis and Sentinels run, run here by the embedded Redis: the scripts are the file's, but for folders and ports; all containers are called localhost. */
class ComposeRedisIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private final Vertx vertx = Vertx.vertx();
    private final List<Process> processes = new ArrayList<>();
    private final int[] servers = {TestServers.freePort(), TestServers.freePort(), TestServers.freePort()};
    private Map<String, Map<String, Object>> services;

    @AfterEach
    void close() throws Exception {
        for (Process process : processes) {
            process.destroyForcibly().waitFor();
        }
        TestNode.get(vertx.close());
    }

    @Test
    void theMasterIsReplacedWhenItDies() throws Exception {
        Map<String, Object> compose = new Yaml().load(Files.readString(Tree.ROOT.resolve("docker-compose.yml")));
        services = map(compose.get("services"));
        new Deployed(folder); // makes the passwords
        Files.createSymbolicLink(
                Files.createDirectory(folder.resolve("bin")).resolve("redis-server"), RedisProgram.file());
        for (int i = 0; i < servers.length; i++) {
            run("redis-" + (i + 1), servers[i]);
        }
        List<String> sentinels = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            int port = TestServers.freePort();
            run("sentinel-" + i, port);
            sentinels.add("localhost:" + port);
        }
        Map<String, Object> told = map(services.get("gateway").get("environment"));
        assertThat(told.get("GATEHOUSE_REDIS_SENTINELS"))
                .isEqualTo("sentinel-1:26379,sentinel-2:26379,sentinel-3:26379");
        String password = folder.resolve("passwords/redis.password").toString();
        RedisSettings settings = SettingsLoader.load(
                RedisSettings.class,
                Optional.empty(),
                Map.of(),
                Map.of(
                        "sentinels", String.join(",", sentinels),
                        "passwordFile", password,
                        "sentinelPasswordFile", password));
        try (PooledRedis redis = new PooledRedis(vertx, settings)) {
            await().atMost(PATIENCE).until(() -> replicas(redis) == 2);
            processes.getFirst().destroyForcibly();
            await().atMost(PATIENCE).until(() -> replicas(redis) == 1);
        }
    }

    /** How many the master has; -1 while there is none. */
    private static int replicas(PooledRedis redis) {
        return redis.send(Command.INFO, "replication")
                .map(info -> info.toString()
                        .lines()
                        .filter(line -> line.startsWith("slave") && line.contains("state=online"))
                        .count())
                .map(Long::intValue)
                .otherwise(-1)
                .await();
    }

    private void run(String name, int port) throws IOException {
        Path data = Files.createDirectory(folder.resolve(name));
        Map<String, Object> service = services.get(name);
        Map<String, Object> environment = map(service.get("environment"));
        String script = String.valueOf(((List<?>) service.get("command")).get(2))
                .replace("$$", "$")
                .replace("/passwords", folder.resolve("passwords").toString())
                .replace("/data", data.toString())
                .replace("redis-1 6379", "localhost " + servers[0])
                .replace("port 26379", "port " + port)
                .replace("redis-server --save", "redis-server --port " + port + " --save");
        ProcessBuilder process = new ProcessBuilder("sh", "-c", script)
                .directory(data.toFile())
                .redirectErrorStream(true)
                .redirectOutput(data.resolve("log").toFile());
        process.environment().put("PATH", folder.resolve("bin") + ":" + System.getenv("PATH"));
        process.environment().put("NAME", "localhost");
        process.environment()
                .put(
                        "REPLICA_OF",
                        String.valueOf(environment.getOrDefault("REPLICA_OF", ""))
                                .replace("redis-1 6379", "localhost " + servers[0]));
        processes.add(process.start());
    }

    @SuppressWarnings("unchecked") // YAML's keys are texts here
    private static <V> Map<String, V> map(Object value) {
        return (Map<String, V>) value;
    }
}
