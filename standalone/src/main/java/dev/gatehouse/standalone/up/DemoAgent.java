package dev.gatehouse.standalone.up;

import dev.gatehouse.agent.Agent;
import dev.gatehouse.agent.enrol.EnrolClient;
import dev.gatehouse.agent.enrol.EnrolException;
import dev.gatehouse.agent.enrol.Identity;
import dev.gatehouse.agent.settings.AgentFile;
import dev.gatehouse.agent.settings.SettingsException;
import dev.gatehouse.shared.audit.Audit;
import dev.gatehouse.shared.custody.JoinTokens;
import dev.gatehouse.shared.node.Node;
import dev.gatehouse.standalone.home.Home;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The agent {@code demo} of {@code up}: enrolled once like any other, over HTTPS with a join token; captures the files of {@code HOME/watched} and the lines of logs put there. */
final class DemoAgent implements AutoCloseable {

    static final String NAME = "demo";

    private static final Duration TOKEN_TIME = Duration.ofMinutes(5);
    private static final long LIMIT_SECONDS = 60;

    private final Vertx vertx;
    private final Agent agent;

    private DemoAgent(Vertx vertx, Agent agent) {
        this.vertx = vertx;
        this.agent = agent;
    }

    static DemoAgent start(Home home, Node node, Ready ready) throws Up.Failed, InterruptedException {
        Path folder = home.at("agent");
        Vertx vertx = Vertx.vertx();
        try {
            if (!Identity.exists(folder)) {
                enrol(folder, node, ready);
            }
            Path file = folder.resolve("agent.yaml");
            if (!Files.exists(file)) {
                Files.writeString(file, settings(home));
            }
            Agent agent = Agent.start(vertx, folder, AgentFile.read(file), Optional.of(folder.resolve("ledger.jsonl")))
                    .await(LIMIT_SECONDS, TimeUnit.SECONDS);
            return new DemoAgent(vertx, agent);
        } catch (IOException | EnrolException | SettingsException | TimeoutException | RuntimeException e) {
            vertx.close();
            throw new Up.Failed("the demo agent: " + e.getMessage(), e);
        }
    }

    private static void enrol(Path folder, Node node, Ready ready)
            throws IOException, EnrolException, InterruptedException, TimeoutException {
        String token = new JoinTokens(node.postgres(), new Audit(node.id()))
                .create(1, TOKEN_TIME, Map.of("demo", "true"), "up", "")
                .await(LIMIT_SECONDS, TimeUnit.SECONDS)
                .token();
        EnrolClient.enrol(URI.create(ready.accessUrl()), token, ready.pin(), NAME)
                .save(folder);
    }

    private static String settings(Home home) {
        return """
                # The demo agent's file; change it and start `up` again.
                labels:
                  demo: "true"
                sources:
                  - kind: watch
                    paths: ["%1$s"]
                  - kind: tail
                    paths: ["%1$s/**/*.log"]
                """.formatted(home.at("watched"));
    }

    @Override
    public void close() throws TimeoutException {
        agent.close().await(LIMIT_SECONDS, TimeUnit.SECONDS);
        vertx.close().await(LIMIT_SECONDS, TimeUnit.SECONDS);
    }
}
