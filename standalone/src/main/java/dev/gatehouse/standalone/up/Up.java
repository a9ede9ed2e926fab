package dev.gatehouse.standalone.up;

import dev.gatehouse.admin.AdminService;
import dev.gatehouse.admin.setup.Deployment;
import dev.gatehouse.background.BackgroundService;
import dev.gatehouse.embedded.EmbeddedException;
import dev.gatehouse.embedded.EmbeddedPostgres;
import dev.gatehouse.embedded.EmbeddedRedis;
import dev.gatehouse.gateway.GatewayService;
import dev.gatehouse.ingest.IngestService;
import dev.gatehouse.protocol.identity.Pin;
import dev.gatehouse.shared.custody.CertificateAuthorities;
import dev.gatehouse.shared.node.NodeStart;
import dev.gatehouse.shared.node.RunningNode;
import dev.gatehouse.shared.node.Settings;
import dev.gatehouse.shared.settings.SettingsLoader;
import dev.gatehouse.shared.store.Stores;
import dev.gatehouse.standalone.home.DemoTargets;
import dev.gatehouse.standalone.home.Home;
import dev.gatehouse.standalone.home.LocalSettings;
import dev.gatehouse.standalone.home.Ports;
import dev.gatehouse.standalone.home.Ready;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything of a Gatehouse in this process but PostgreSQL and Redis, which are processes of their own that end with it: started in order, stopped in the opposite order.
 *
 * <p>{@link #start()} on the main thread; {@link #stop()} on any, once or more.
 */
final class Up {

    /** A part did not start; the message says which and why. */
    static final class Failed extends Exception {
        private static final long serialVersionUID = 1;

        Failed(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** What undoes one step. */
    private interface Undo {
        void run() throws Exception;
    }

    private static final int POSTGRES_CONNECTIONS = 100;

    private final Home home;
    private final Ports ports;
    private final boolean demo;
    private final PrintWriter out;
    private final Logger log;
    private final Deque<Map.Entry<String, Undo>> undo = new ArrayDeque<>();
    private boolean stopped;

    Up(Home home, Ports ports, boolean demo, PrintWriter out) {
        this.home = home;
        this.ports = ports;
        this.demo = demo;
        this.out = out;
        System.setProperty("gatehouse.logs", home.at("logs").toString());
        System.setProperty("logback.configurationFile", "logback-up.xml");
        this.log = LoggerFactory.getLogger(Up.class); // the first logger of the process reads the two above
    }

    /** Returns when the whole is ready. Whatever was begun before a failure is undone by {@link #stop()}. */
    synchronized void start() throws Failed, InterruptedException {
        long begun = System.nanoTime();
        onStop("release the home", home::close);
        try {
            say("PostgreSQL …");
            EmbeddedPostgres postgres = EmbeddedPostgres.start(EmbeddedPostgres.Options.in(home.at("postgres"))
                    .port(ports.postgres())
                    .parameters(Map.of("max_connections", Integer.toString(POSTGRES_CONNECTIONS))));
            onStop("stop PostgreSQL", postgres::stop);
            say("Redis …");
            EmbeddedRedis redis = EmbeddedRedis.start(
                    EmbeddedRedis.Options.in(home.at("redis")).port(ports.redis()));
            onStop("stop Redis", redis::stop);

            Settings settings = SettingsLoader.load(
                    Settings.class,
                    Optional.empty(),
                    System.getenv(),
                    settings(postgres.createDatabase("gatehouse", "gatehouse")));
            say("deployment …");
            CertificateAuthorities authorities =
                    Deployment.make(settings, home.at("")).authorities();
            say("services …");
            RunningNode node = NodeStart.start(
                    settings,
                    List.of(new AdminService(), new IngestService(), new GatewayService(), new BackgroundService()),
                    Stores::open);
            onStop("stop the services", node::stop);

            Ready ready = Ready.ofUp(home, ports, Pin.of(authorities.nodes().certificate()));
            if (demo) {
                say("demo agent …");
                DemoTargets targets = DemoTargets.start(ports, postgres);
                onStop("stop the demo resources", targets::close);
                DemoAgent agent = DemoAgent.start(home, ports, node.node(), ready);
                onStop("stop the demo agent", agent::close);
            }
            onStop("remove ready.json", home.ready()::remove);
            home.ready().write(ready.json());
            long millis = (System.nanoTime() - begun) / 1_000_000;
            log.info("Ready after {} ms", millis);
            out.println(ready.text(millis, demo));
            out.flush();
        } catch (IOException | EmbeddedException | TimeoutException e) {
            throw new Failed(e.getMessage(), e);
        }
    }

    /** Where {@code GATEHOUSE_STORE_KIND} is set, it and those beside it say where objects go instead of the folder. */
    private Map<String, String> settings(EmbeddedPostgres.Database database) {
        Map<String, String> settings =
                new HashMap<>(LocalSettings.of(home, ports, "local", ports.ofUp(), List.of(), database));
        if (System.getenv().containsKey("GATEHOUSE_STORE_KIND")) {
            settings.keySet().removeIf(key -> key.startsWith("store."));
        }
        return settings;
    }

    /** Undoes what has been started, last first; a step that fails does not keep the next from being taken. */
    synchronized void stop() {
        if (stopped) {
            return;
        }
        stopped = true;
        while (!undo.isEmpty()) {
            Map.Entry<String, Undo> step = undo.pop();
            try {
                step.getValue().run();
                log.info("Stopped: {}", step.getKey());
            } catch (Exception e) {
                log.error("Not stopped: {}", step.getKey(), e);
            }
        }
        say("stopped");
    }

    private void onStop(String name, Undo step) {
        undo.push(Map.entry(name, step));
    }

    private void say(String what) {
        out.println("gatehouse: " + what);
        out.flush();
    }
}
