package dev.gatehouse.shared.testing;

import static org.awaitility.Awaitility.await;

import dev.gatehouse.embedded.EmbeddedRedis;
import dev.gatehouse.embedded.EmbeddedSentinel;
import dev.gatehouse.embedded.RedisTls;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.net.ConnectException;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A master with two replicas, and three Sentinels who watch them: six processes. Sentinels miss a master after a second. */
public final class RedisTrio implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration DOWN_AFTER = Duration.ofSeconds(1);
    private static final String NAME = "mymaster";
    private static final String PASSWORD = "of-the-servers";
    private static final String USER_PASSWORD = "of-gatehouse";

    /** What Gatehouse needs of Redis and no more, as docs/install.md says. */
    private static final String USER = "user gatehouse on >" + USER_PASSWORD
            + " resetkeys ~presence:* +@connection +info +eval +hset +hdel +hget +expire";

    private static final String SENTINEL_USER =
            "user asker on >" + USER_PASSWORD + " +@connection +sentinel|get-master-addr-by-name";

    private final Vertx vertx = Vertx.vertx();
    private final List<EmbeddedRedis> servers = new ArrayList<>();
    private final List<EmbeddedSentinel> sentinels = new ArrayList<>();
    private final Optional<RedisTls> tls;

    private RedisTrio(Optional<RedisTls> tls) {
        this.tls = tls;
    }

    /** Returns when each Sentinel knows all replicas and the other Sentinels. With TLS there are also passwords, and users of access lists for Gatehouse. */
    public static RedisTrio start(Path folder, Optional<RedisTls> tls) {
        RedisTrio trio = new RedisTrio(tls);
        try {
            trio.start(folder);
            return trio;
        } catch (RuntimeException | AssertionError e) {
            trio.close();
            throw e;
        }
    }

    private void start(Path folder) {
        for (int i = 1; i <= 3; i++) {
            List<String> lines = new ArrayList<>(List.of("repl-diskless-sync yes", "repl-diskless-sync-delay 0"));
            EmbeddedRedis.Options options = EmbeddedRedis.Options.in(folder.resolve("redis-" + i));
            if (tls.isPresent()) {
                lines.addAll(List.of("masterauth " + PASSWORD, USER));
                options = options.password(PASSWORD).tls(tls.get());
            }
            if (!servers.isEmpty()) {
                lines.add("replicaof 127.0.0.1 " + servers.getFirst().port());
            }
            servers.add(EmbeddedRedis.start(options.directives(lines)));
        }
        for (int i = 1; i <= 3; i++) {
            sentinels.add(EmbeddedSentinel.start(new EmbeddedSentinel.Options(
                    folder.resolve("sentinel-" + i),
                    NAME,
                    servers.getFirst().port(),
                    2,
                    DOWN_AFTER,
                    tls.map(some -> PASSWORD),
                    tls,
                    tls.map(some -> List.of("sentinel auth-pass " + NAME + " " + PASSWORD, SENTINEL_USER))
                            .orElse(List.of()))));
        }
        for (EmbeddedSentinel sentinel : sentinels) {
            await().atMost(PATIENCE).until(() -> info(sentinel.port()).contains("slaves=2,sentinels=3"));
        }
    }

    /** What a process of Gatehouse is told of it, by key of the section {@code redis}. */
    public Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>();
        settings.put(
                "sentinels",
                sentinels.stream()
                        .map(sentinel -> sentinel.host() + ":" + sentinel.port())
                        .collect(Collectors.joining(",")));
        settings.put("timeout", "500ms");
        tls.ifPresent(some -> settings.putAll(Map.of(
                "user",
                "gatehouse",
                "password",
                USER_PASSWORD,
                "sentinelUser",
                "asker",
                "sentinelPassword",
                USER_PASSWORD,
                "caFile",
                some.caFile().toString())));
        return settings;
    }

    public List<EmbeddedRedis> servers() {
        return List.copyOf(servers);
    }

    /** The server that says it is the master; the one that does so is the only one. */
    public EmbeddedRedis master() {
        List<EmbeddedRedis> masters = new ArrayList<>();
        await().atMost(PATIENCE).until(() -> {
            masters.clear();
            servers.stream().filter(this::isMaster).forEach(masters::add);
            return masters.size() == 1;
        });
        return masters.getFirst();
    }

    private boolean isMaster(EmbeddedRedis server) {
        return server.isRunning() && info(server.port()).contains("role:master");
    }

    /** As an administrator; fails when there is no answer within a second. The command may be sent twice: Sentinels have a server that they have just promoted drop its clients. */
    public Response ask(EmbeddedRedis server, Command command, String... arguments) {
        List<Response> answers = new ArrayList<>(1);
        await().atMost(PATIENCE)
                .ignoreExceptionsMatching(RedisTrio::isDropped)
                .untilAsserted(() -> answers.add(ask(server.port(), command, arguments)));
        return answers.getFirst();
    }

    private static boolean isDropped(Throwable failure) {
        return (failure instanceof SocketException && !(failure instanceof ConnectException))
                || failure instanceof ClosedChannelException
                || String.valueOf(failure.getMessage()).contains("CONNECTION_CLOSED");
    }

    private String info(int port) {
        try {
            return ask(port, Command.INFO).toString();
        } catch (RuntimeException | AssertionError e) {
            return "";
        }
    }

    private Response ask(int port, Command command, String... arguments) {
        Request request = Request.cmd(command);
        List.of(arguments).forEach(request::arg);
        RedisOptions options =
                new RedisOptions().setConnectionString((tls.isPresent() ? "rediss" : "redis") + "://127.0.0.1:" + port);
        tls.ifPresent(some -> options.setPassword(PASSWORD)
                .setNetClientOptions(new NetClientOptions()
                        .setSsl(true)
                        .setHostnameVerificationAlgorithm("HTTPS")
                        .setTrustOptions(
                                new PemTrustOptions().addCertPath(some.caFile().toString()))));
        Redis redis = Redis.createClient(vertx, options);
        try {
            return TestNode.get(redis.send(request).timeout(1, TimeUnit.SECONDS));
        } finally {
            redis.close();
        }
    }

    @Override
    public void close() {
        sentinels.forEach(EmbeddedSentinel::close);
        servers.forEach(EmbeddedRedis::close);
        TestNode.get(vertx.close());
    }
}
