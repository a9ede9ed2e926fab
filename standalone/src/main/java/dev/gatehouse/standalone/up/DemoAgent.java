package dev.gatehouse.standalone.up;

import dev.gatehouse.agent.Agent;
import dev.gatehouse.agent.enrol.EnrolException;
import dev.gatehouse.agent.settings.AgentFile;
import dev.gatehouse.agent.settings.AgentSettings;
import dev.gatehouse.agent.settings.SettingsException;
import dev.gatehouse.shared.node.Node;
import dev.gatehouse.standalone.home.DemoFolder;
import dev.gatehouse.standalone.home.Home;
import dev.gatehouse.standalone.home.Ports;
import dev.gatehouse.standalone.home.Ready;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The agent {@code demo} of {@code up}, in this process. */
final class DemoAgent implements AutoCloseable {

    private static final long LIMIT_SECONDS = 60;

    private final Vertx vertx;
    private final Agent agent;

    private DemoAgent(Vertx vertx, Agent agent) {
        this.vertx = vertx;
        this.agent = agent;
    }

    static DemoAgent start(Home home, Ports ports, Node node, Ready ready) throws Up.Failed, InterruptedException {
        DemoFolder folder = new DemoFolder(home, ports);
        Vertx vertx = Vertx.vertx();
        try {
            folder.prepare(node.postgres(), node.id(), ready.accessUrls().getFirst(), ready.pin());
            AgentSettings settings = AgentFile.read(folder.settings());
            Agent agent = Agent.start(vertx, folder.path(), settings, Optional.of(folder.ledger()))
                    .await(LIMIT_SECONDS, TimeUnit.SECONDS);
            agent.follow(folder.settings(), settings);
            return new DemoAgent(vertx, agent);
        } catch (IOException | EnrolException | SettingsException | TimeoutException | RuntimeException e) {
            vertx.close();
            throw new Up.Failed("the demo agent: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() throws TimeoutException {
        agent.close().await(LIMIT_SECONDS, TimeUnit.SECONDS);
        vertx.close().await(LIMIT_SECONDS, TimeUnit.SECONDS);
    }
}
