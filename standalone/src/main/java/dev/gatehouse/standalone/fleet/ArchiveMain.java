package dev.gatehouse.standalone.fleet;

import dev.gatehouse.admin.AdminService;
import dev.gatehouse.background.BackgroundService;
import dev.gatehouse.embedded.JavaProcess;
import dev.gatehouse.gateway.GatewayService;
import dev.gatehouse.ingest.IngestService;
import dev.gatehouse.shared.node.NodeStart;
import dev.gatehouse.shared.node.RunningNode;
import dev.gatehouse.shared.node.Settings;
import dev.gatehouse.shared.store.Stores;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Starts every service and stops them again, so that the JVM knows which classes that takes; see {@link Archive}. */
public final class ArchiveMain {

    private ArchiveMain() {}

    public static void main(String[] arguments) {
        Settings settings = Settings.load(Optional.of(Path.of(arguments[0])));
        RunningNode node = NodeStart.start(
                settings,
                List.of(new AdminService(), new IngestService(), new GatewayService(), new BackgroundService()),
                Stores::open);
        String status = "http://127.0.0.1:" + node.statusPort();
        for (String path : List.of("/health/ready", "/metrics", "/upcheck")) {
            JavaProcess.answersOk(URI.create(status + path)).getAsBoolean();
        }
        node.stop();
        System.exit(0);
    }
}
