package dev.gatehouse.standalone.fleet;

import dev.gatehouse.admin.setup.Deployment;
import dev.gatehouse.agent.enrol.EnrolException;
import dev.gatehouse.protocol.identity.Pin;
import dev.gatehouse.shared.node.Settings;
import dev.gatehouse.shared.postgres.Postgres;
import dev.gatehouse.standalone.home.DemoFolder;
import dev.gatehouse.standalone.home.Home;
import dev.gatehouse.standalone.home.Ready;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What a deployment needs once before its services, as {@code init} makes it; and, once they run, the demo agent's identity. Repeatable. Blocking. */
final class Setup {

    private static final long LIMIT_SECONDS = 60;
    private static final String NODE = "setup";

    private final Home home;
    private final Settings settings;

    Setup(Home home, Settings settings) {
        this.home = home;
        this.settings = settings;
    }

    /** The pin of the CA that agents and people trust. */
    Pin prepare() throws IOException {
        return Pin.of(
                Deployment.make(settings, home.at("")).authorities().nodes().certificate());
    }

    /** Enrols the demo agent if it is not. */
    void enrolDemo(DemoFolder demo, Ready ready) throws IOException, TimeoutException, FleetException, InterruptedException {
        try (Session session = new Session(settings)) {
            demo.prepare(session.postgres, NODE, ready.accessUrls().getFirst(), ready.pin());
        } catch (EnrolException e) {
            throw new FleetException("the demo agent is not enrolled: " + e.getMessage(), e);
        }
    }

    /** A Vert.x and a pool for a moment. */
    private static final class Session implements AutoCloseable {

        private final Vertx vertx = Vertx.vertx();
        private final Pool postgres;

        Session(Settings settings) {
            postgres = Postgres.pool(vertx, settings.postgres());
        }

        @Override
        public void close() throws TimeoutException {
            postgres.close().await(LIMIT_SECONDS, TimeUnit.SECONDS);
            vertx.close().await(LIMIT_SECONDS, TimeUnit.SECONDS);
        }
    }
}
